"""Whether a named role owns, decides or does a matter: yes or no first, then the sentence that shows it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from index.library import Library
from search.citations import plain
from search.draft import Cited, Claim, Draft, Standing, Written, key, those
from search.evidence import Look
from search.facts import CITED, ranked
from search.frames import VerbClass, verb_classes
from search.mentions import mentions
from search.owners import Holder, Label, chosen, holders, in_words, shown
from search.question import Question
from search.retrieve import understood
from search.rolewords import role_index
from search.wording import words
from search.written import marks, quoted

_ASKS = re.compile(r"^(?:(?:and|so|but|or) )?(?:does|do|is|are|can|may|must|should|will|has|have)(?:n['’]t)?$", re.I)
_ENOUGH = 0.4  # share of the matter's words that a denial must have, or the headings over it
_PLAIN = 0.7  # the same for a yes
_MEANT = 0.63  # cosine from which a yes may be in other words
_LOOSE: frozenset[VerbClass] = frozenset(("own", "share", "run", "support"))  # asked so, any deed of the role will do
UNSAID = "**Not said outright.** The nearest on the page:"
_SAYS: Mapping[Label, str] = {
    "owner": "**Yes.** {role} owns it{others}",
    "shared": "**Yes, but not alone.** {role} shares it{others}",
    "contributor": "**No.** {role} contributes{others}",
    "other": "**No.** {role} leaves it to others{others}",
}


def asked_of_role(library: Library, question: Question) -> Question | None:
    """ "Does X own drift monitoring?" as "who owns drift monitoring?" for that role alone; None for other questions."""
    if question.kind != "fact" or len(question.roles) != 1 or question.carried:
        return None
    tokens = words(question.text)
    named = mentions(tokens, role_index(library.generation.roles))
    if not named or not _ASKS.match(question.text[: tokens[named[0].first].start].removesuffix("the ").strip()):
        return None
    asked = understood(library, f"Who {question.text[tokens[named[0].last - 1].end :]}")
    if asked.kind != "owners" or not asked.verbs or not asked.matter or asked.roles:
        return None
    return replace(asked, text=question.text, roles=question.roles)


def draft(look: Look) -> Draft | None:
    """The answer by the role's plainest statement on the matter; None where its page has none."""
    holder = _standing(look)
    if holder is None:
        return None
    told = shown(holder.stances, CITED - 1)
    near = [found for found, _ in ranked(look, look.generation.rows(roles=look.question.roles))]
    found = tuple({key(f.passage): f for f in (*(s.found for s in told), *near)}.values())[:CITED]
    passages = tuple(f.passage for f in found)
    return Draft(passages, (found,), False, lambda cited: _write(look, replace(holder, stances=told), cited))


def _standing(look: Look) -> Holder | None:
    """The role as an answer to who owns the matter has it, or else as its own page says outright that it does not."""
    role = look.question.roles[0]
    of_role = holders(look, look.generation.rows(roles=(role,)))
    denied = next((h for h in of_role if h.label in ("other", "contributor") and _outright(h)), None)
    named = next((h for h in chosen(holders(look, None), look.question) if h.role == role), None)
    if named is None or (denied and _weight(denied) > _weight(named)):
        return denied
    best = shown(named.stances)[0].found
    return named if best.cover >= _PLAIN or best.dense >= _MEANT else None


def _weight(holder: Holder) -> tuple[bool, float]:
    """What is said in the very verb asked by counts first."""
    return any(stance.asked for stance in holder.stances[:CITED]), holder.score


def _said_so(look: Look, holder: Holder) -> bool:
    """Whether a statement says it in a verb of the kind asked by, or that it is the role's own: who "manages a budget"
    need not approve it."""
    if not look.question.verbs or set(look.question.verbs) & _LOOSE:
        return True
    return any(s.agrees or "own" in verb_classes(s.sentence.casefold()) for s in holder.stances)


def _outright(holder: Holder) -> bool:
    best = holder.stances[0]
    return best.found.cover >= _ENOUGH and (best.told or best.asked)


def _write(look: Look, holder: Holder, cited: Cited) -> Written:
    first = those(cited, [holder.stances[0].found.passage])
    actor = holder.stances[0].relation.actor
    others = "" if not actor else f" with {quoted(actor)}" if holder.label == "shared" else f": {quoted(actor)}"
    label: Label = "owner" if holder.label == "contributor" and look.question.verbs == ("support",) else holder.label
    said = _SAYS[label].format(role=quoted(holder.role), others=others)
    if label == "owner" and not _said_so(look, holder):
        said = f"**Not said so.** The page of {quoted(holder.role)} says something else of it"
    lines = [f"{said}. {in_words(holder.stances[0])} {marks(c.id for c in first)}", ""] if first else []
    rest = [c for c in cited.values() if c not in first]
    lines += [f"- {quoted(c.quote)} {marks((c.id,))}" for c in rest]
    claims = tuple(Claim(plain(c.quote), (c.id,)) for c in cited.values())
    standing = Standing(holder.role, holder.label, tuple(c.id for c in cited.values()))
    return Written("\n".join(lines).strip(), (standing,), claims)
