"""Typed reading of environment variables. An empty variable counts as not set; a malformed one stops the start."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def env_text(name: str, default: str = "") -> str:
    """The value of ``name``, stripped; ``default`` when it is missing or empty."""
    return os.environ.get(name, "").strip() or default


def env_flag(name: str, default: bool) -> bool:
    """``1/true/yes/on`` or ``0/false/no/off``. Anything else raises ImproperlyConfigured: a typo never means "off"."""
    word = env_text(name).lower()
    if not word:
        return default
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={word!r} is neither yes nor no. Write 1 or 0.")


def env_number(name: str, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured when the value is not one."""
    text = env_text(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number.") from error


def env_words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated list without empty entries."""
    words = [word.strip() for word in env_text(name).split(",")]
    return [word for word in words if word] or list(default)


def env_required(name: str, purpose: str) -> str:
    """The value of ``name``. Raises ImproperlyConfigured with ``purpose`` when missing: the site must not start."""
    value = env_text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {purpose} See docs/reference/settings.md.")
    return value
