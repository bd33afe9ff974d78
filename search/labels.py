"""The row or item that bears the name asked for: "Serving | KServe, …" of "which tools for model serving"."""

from ingest.blueprint import Passage
from search.evidence import Look, stems
from search.turns import LABEL
from search.verbs import MAY_BE_NOUN, VERBS

_NAME = 6  # words that a name may have


def named(look: Look, passage: Passage) -> bool:
    """Whether a passage of the part asked for bears the matter's name, or its head where role or page has the rest."""
    if look.question.topic is None or passage.topic != look.question.topic:
        return False
    label, (wanted, heads) = look.plain(_label(passage)), _wanted(look)
    if not label or not wanted:
        return False
    if wanted <= label:
        return True
    if not (label <= wanted and label & heads):
        return False
    return wanted - label <= stems(passage.role) or _on_page(look, passage.role, wanted)


def _label(passage: Passage) -> str:
    """The first cell of a row, what stands before a colon, the title over a field, or a short item itself."""
    if passage.kind == "field" and len(passage.path) > 1:
        return passage.path[-1]
    cell, bar, _ = passage.text.partition(" | ")
    found = LABEL.match(passage.text)
    label = cell if bar else found[1] if found else passage.text
    return label if len(label.split()) <= _NAME else ""


def _wanted(look: Look) -> tuple[frozenset[str], frozenset[str]]:
    """The matter's words without the verb that leads to it ("covers"), and those that may be its head."""
    told = look.question.matter.split()
    first = told[0].casefold() if told else ""
    leads = first in VERBS and (VERBS[first][0] in ("help", "state") or first not in MAY_BE_NOUN)
    verb = leads and not first.endswith("ing")
    told = told[verb and len(told) > 1 :]
    heads = {look.head} if look.head else set()
    if told and told[0].casefold().endswith("ing"):
        heads |= look.plain(told[0])  # "serving models" is a serving
    return look.plain(" ".join(told)), frozenset(heads)


def _on_page(look: Look, role: str, wanted: frozenset[str]) -> bool:
    """Whether a passage of the role's page speaks of the whole matter."""
    rows = look.generation.rows(roles=(role,))
    passages = look.generation.passages(rows.tolist()) if rows is not None else ()
    return any(wanted <= look.plain(" ".join((*passage.path, passage.text))) for passage in passages)
