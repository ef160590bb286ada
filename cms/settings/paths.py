"""Where things lie on disk."""

from pathlib import Path

from .environment import env_text

BASE_DIR = Path(__file__).resolve().parent.parent.parent

#: Everything a running installation writes (database, uploads, queue, caches); never part of the repository.
DATA_DIR = Path(env_text("PRAKAT_DATA_DIR", str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)
