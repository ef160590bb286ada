"""What the number of a row can be, as text sent from outside."""

#: The largest key of a row: both databases count them in 64 bits.
LARGEST_KEY = 2**63 - 1


def can_be_key(text: str) -> bool:
    """Whether a row could have this number. Only plain digits: what Python also reads as a number is no address."""
    return text.isascii() and text.isdecimal() and len(text) < 20 and 0 < int(text) <= LARGEST_KEY
