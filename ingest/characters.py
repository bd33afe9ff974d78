"""Text that every encoding has bytes for."""

import json
import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(r"\\u[dD]")


def whole(text: str) -> str:
    """The text with U+FFFD for each half of a surrogate pair."""
    return _HALF.sub("\ufffd", text)


def load_json(text: str) -> Any:
    """What a JSON text says, each half of a surrogate pair as U+FFFD, since JSON can escape one; raises ValueError."""
    data = json.loads(text)
    return json.loads(whole(json.dumps(data, ensure_ascii=False))) if _ESCAPED.search(text) else data
