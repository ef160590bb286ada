"""The page feed of the social network, as far as our adapter uses it."""

from typing import Any

from .ledger import Ledger

Reply = tuple[int, dict[str, Any]]


def _error(status: int, code: int, text: str) -> Reply:
    return status, {"error": {"message": text, "type": "OAuthException", "code": code}}


def token_error(authorization: str, token: str | None) -> Reply | None:
    """The refusal for a missing or wrong token; None when it is fine."""
    given = authorization.removeprefix("Bearer ").strip()
    if not given or (token is not None and given != token):
        return _error(400, 190, "Invalid OAuth access token.")
    return None


def post_to_feed(ledger: Ledger, page: str, form: dict[str, str]) -> Reply:
    """Take a post. The real feed takes the same post twice as well, so the fake does not drop repetitions either."""
    if not form.get("message") and not form.get("link"):
        return _error(400, 100, "The post has no content.")
    entry = ledger.add(kind="facebook", page=page, message=form.get("message", ""), link=form.get("link", ""))
    return 200, {"id": post_id(entry)}


def read_feed(ledger: Ledger, page: str, limit: int, after: int) -> Reply:
    """Posts newest first, at most ``limit``, those older than number ``after`` when it is given."""
    posts = [
        entry for entry in reversed(ledger.entries(kind="facebook", page=page)) if not after or entry["number"] < after
    ]
    shown, rest = posts[:limit], posts[limit:]
    paging = {"cursors": {"after": str(shown[-1]["number"])}, **({"next": "more"} if rest else {})} if shown else {}
    return 200, {"data": [_post(entry) for entry in shown], "paging": paging}


def post_id(entry: dict[str, Any]) -> str:
    """The number the network gives a post."""
    return f"{entry['page']}_{entry['number']}"


def _post(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": post_id(entry),
        "message": entry["message"],
        "created_time": entry["at"].replace("+00:00", "+0000"),
        "permalink_url": f"https://www.facebook.com/{post_id(entry)}",
        "attachments": {"data": [{"unshimmed_url": entry["link"]}]},
    }
