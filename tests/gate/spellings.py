"""How the number of a row can be written so that some form or interface takes it for that number."""

import pytest

SPELLINGS = {
    "space": lambda key: f" {key} ",
    "sign": lambda key: f"+{key}",
    "zeros": lambda key: f"00{key}",
    "many zeros": lambda key: f"{'0' * 180}{key}",
    "Thai digits": lambda key: str(key).translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
}
in_forms = pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=list(SPELLINGS))
