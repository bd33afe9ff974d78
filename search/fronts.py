"""What stands before a clause and changes whose the matter is: "Together with Risk, …", "Under the guidance of …"."""

import re
from typing import Literal

Front = Literal["with", "under", "aside"]

_LED = r"(?:the )?(?:\w+ )?(?:guidance|direction|supervision|mentorship|instruction)(?: and \w+)? (?:of|from)"
UNDER = re.compile(rf"\b(?:under|with) {_LED}\b", re.I)
_KINDS: tuple[tuple[Front, str], ...] = (  # the first that matches
    ("under", rf"under {_LED}"),
    (
        "aside",
        r"with (?:the )?(?:\w+ )?(?:support|help|input|advice|assistance|backing) (?:from|of)"
        r"|(?:working|partnering|collaborating|coordinating|consulting|liaising) (?:\w+ )?(?:with|alongside)"
        r"|reporting (?:directly )?to|on behalf of|if|when|whenever|once|unless|where",
    ),
    (
        "with",
        r"in (?:\w+ )?(?:partnership|collaboration|conjunction|tandem|cooperation) with"
        r"|(?:together |jointly )?with|side by side with|hand in hand with",
    ),
)
_REST = r"([^;:.]{2,90}?), (?:this role |you )?(?:will )?(?=[a-z])"
_FRONTS = tuple((kind, re.compile(rf"(?:{cue}) {_REST}", re.I)) for kind, cue in _KINDS)
_CLEFT = re.compile(r"it is (?:the )?([^,;:.]{2,60}?) (?:that|who) ", re.I)


def front_of(clause: str) -> tuple[Front, str, str] | None:
    """How a clause is opened, by whom, and the clause itself."""
    if found := _CLEFT.match(clause):
        return "aside", found[1], f"{found[1]} {clause[found.end() :]}"
    for kind, cue in _FRONTS:
        if found := cue.match(clause):
            return kind, found[1], clause[found.end() :]
    return None
