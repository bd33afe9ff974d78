"""The catalogue's levels and functions as a question names them."""

from collections.abc import Sequence

from ingest.blueprint import Level
from ingest.titles import function_of
from search.memo import by_identity
from search.mentions import bare_levels
from search.rolewords import RoleIndex
from search.wording import Word, stem, word_set, words

_LEVELS: dict[str, Level] = {
    "chief": "c_level", "vp": "vp", "head": "head", "director": "director", "manager": "manager", "lead": "lead",
    "senior": "senior", "staff": "staff", "principal": "principal", "junior": "junior", "associate": "junior",
    "intern": "intern",
}  # fmt: skip
_GROUPS = word_set("role roles people team teams job jobs folks org function group department side staff")


def levels_named(tokens: Sequence[Word], gone: frozenset[int]) -> tuple[Level, ...]:
    """The levels that a question for roles is about: "which directors", "senior roles"."""
    found: list[Level] = []
    for bare in bare_levels(tokens, ()):
        after = tokens[bare.last].text if bare.last < len(tokens) else ""
        if bare.first not in gone and bare.level in _LEVELS and (bare.plural or after in _GROUPS | {"level"}):
            found.append(_LEVELS[bare.level])
    return tuple(dict.fromkeys(found))


def functions_named(tokens: Sequence[Word], names: tuple[str, ...]) -> tuple[str, ...]:
    """The catalogue's functions that stand before "roles", "people" and the like, the longest at each place."""
    stems = [stem(word.text) for word in tokens]
    known = _functions(names)
    found: list[str] = []
    for last, word in enumerate(tokens):
        if word.text not in _GROUPS:
            continue
        sizes = (size for size in range(min(5, last), 0, -1) if tuple(stems[last - size : last]) in known)
        if size := next(sizes, 0):
            found.append(known[tuple(stems[last - size : last])])
    return tuple(dict.fromkeys(found))


def roles_of_level(level: str, beside: Sequence[str], index: RoleIndex) -> tuple[str, ...]:
    """The roles of a level whose field is nearest to that of these roles: "the director" after "MLOps Manager".

    Of several roles that were spoken of, the one of this level is meant.
    """
    shapes = dict(zip(index.names, index.shapes, strict=True))
    spoken_of = tuple(role for role in beside if role in shapes and level in shapes[role].levels)
    if len(spoken_of) == 1 < len(beside):
        return spoken_of
    field = frozenset(word for role in beside if role in shapes for word in shapes[role].content)
    near: dict[int, list[str]] = {}
    for name, shape in shapes.items():
        if level in shape.levels and name not in beside:
            near.setdefault(len(shape.content & field), []).append(name)
    return tuple(near[max(near)]) if near and (max(near) or len(near[0]) == 1) else ()


@by_identity
def _functions(names: tuple[str, ...]) -> dict[tuple[str, ...], str]:
    functions = {function for name in names if (function := function_of(name))}
    return {tuple(stem(word.text) for word in words(function)): function for function in sorted(functions)}
