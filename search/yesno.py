"""Whether a named role owns, decides or does a matter: yes or no first, then the sentence that shows it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from index.library import Library
from search.draft import Cited, Draft, Relation, Standing, Written, key, one_each, those
from search.evidence import Look, stems
from search.facts import CITED, ranked
from search.frames import VerbClass, verb_classes
from search.headings import Ground, context_of
from search.mentions import mentions
from search.owners import Holder, Label, chosen, holders, in_words, shown
from search.question import Question
from search.retrieve import understood
from search.rolewords import role_index
from search.stances import LOOKS_AT, Stance, done_in
from search.verbs import VERBS
from search.verbs import words as word_set
from search.wording import words
from search.written import in_context, marks, quoted

_AUX = r"(?P<deed>can|could|may|might|must|should|shall|will|would|does|do|did)|is|are|was|has|have"
_EACH = r"(?: (?:the|an?|our|your|any|each|every))?"
_ASKS = re.compile(rf"^(?:(?:and|so|but|or) )?(?:{_AUX})(?:n['’]?t| not)?{_EACH}$", re.I)
_LET = re.compile(
    r"^\W*(?:(?:also|really|actually|ever|even|just|still) )*"
    r"((?:allowed|permitted|authori[sz]ed|entitled|empowered|free|able|expected|supposed|required|meant|in a position)"
    r" to )?(?:(?:also|really|actually|ever|even|just|still|simply) )*(?P<verb>[a-z][a-z-]+)(?= )",
    re.I,
)
_NOT = re.compile(r"^\W*not\b", re.I)  # "does X not own ..." asks the same
_NO_DEED = word_set("be do get go have report use work")  # nor any verb of state: what the role is, not what it does
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
    asks = _ASKS.match(question.text[: tokens[named[0].first].start].strip()) if named else None
    if asks is None:
        return None
    rest = _NOT.sub(" ", question.text[tokens[named[0].last - 1].end :])
    let = _LET.match(rest)
    who = understood(library, f"Who {rest[let.end(1) :] if let and let[1] else rest}")
    if who.kind == "owners" and who.verbs == ("need",):
        return None  # what a role needs is a fact of its page
    asked = who if who.kind == "owners" and who.verbs and who.matter else _by_deed(library, asks, rest)
    if asked is None or asked.roles:
        return None
    return replace(asked, text=question.text, roles=question.roles, matter=_whole(rest, asked.matter))


def _whole(rest: str, matter: str) -> str:
    """The matter with what stands before it after an article: "build tool" of "choose the build tool"."""
    found = re.search(
        rf"\b(?:the|an?|its|their|every|each|any) ((?:[\w-]+ ){{1,2}}){re.escape(matter)}\W*$", rest, re.I
    )
    return f"{found[1]}{matter}" if found else matter


def _by_deed(library: Library, asks: re.Match[str], rest: str) -> Question | None:
    """ "Can X switch off a server?": the deed itself is the matter."""
    let = _LET.match(rest)
    if let is None or not (asks["deed"] or let[1]):
        return None
    word = let["verb"].lower()
    verb = VERBS.get(word)
    if word in _NO_DEED or (verb and (verb[0] in ("state", "get") or verb[1] != "base")):
        return None
    deed = rest[let.start("verb") :]
    asked = understood(library, f"Who may {deed}")
    return replace(asked, kind="owners", verbs=(), matter=asked.matter or deed.strip(" ?.!"))


def draft(look: Look) -> Draft | None:
    """The answer by the role's plainest statement on the matter; None where its page has none."""
    holder = _standing(look)
    if holder is None:
        return None
    told = shown(holder.stances, CITED - 1)
    near = [f for f, _ in ranked(look, look.generation.rows(roles=look.question.roles)) if f.said >= _ENOUGH]
    found = tuple({key(f.passage): f for f in (*(s.found for s in told), *near)}.values())[:CITED]
    passages = tuple(f.passage for f in found)
    return Draft(passages, (found,), False, lambda cited: _write(look, replace(holder, stances=told), cited))


def _standing(look: Look) -> Holder | None:
    """The role as an answer to who owns the matter has it, or else as its own page says outright that it does not."""
    role = look.question.roles[0]
    of_role = holders(look, look.generation.rows(roles=(role,)))
    denied = next((h for h in of_role if h.label in ("other", "contributor") and denies(h)), None)
    among = chosen(holders(look, None), look.question) if look.question.verbs else of_role
    named = next((h for h in among if h.role == role and (look.question.verbs or h.label in ("owner", "shared"))), None)
    named = named or next((h for h in of_role if _outright(look, h)), None)
    if named is None or (denied and _weight(denied) > _weight(named)):
        return denied
    best = shown(named.stances)[0].found
    said = best.cover if look.question.verbs else best.said  # a deed is the page's own words
    return named if said >= _PLAIN or best.dense >= _MEANT else denied


def _outright(look: Look, holder: Holder) -> bool:
    """Whether a page says in so many words that the role does it, however much plainer other pages say it."""
    best = shown(holder.stances)[0]
    return holder.label in ("owner", "shared") and best.told and look.share(done_in(best.clause)) >= _PLAIN


def _weight(holder: Holder) -> tuple[bool, float]:
    """What is said in the very verb asked by counts first."""
    return any(stance.asked for stance in holder.stances[:CITED]), holder.score


def _said_so(look: Look, holder: Holder) -> bool:
    """Whether a statement says it in a verb of the kind asked by, or that it is the role's own: who "manages a budget"
    need not approve it, nor does who reads a thing own it."""
    if not look.question.verbs:
        return True
    if set(look.question.verbs) & _LOOSE:
        told = [stance for stance in holder.stances if stance.told and stance.found.said >= _ENOUGH]
        return "support" in look.question.verbs or not told or not all(_looks(look, stance) for stance in told)
    return any(s.agrees or "own" in verb_classes(s.sentence.casefold()) for s in holder.stances)


def _looks(look: Look, stance: Stance) -> bool:
    """Whether a statement only says that the role looks at the matter."""
    looks = LOOKS_AT.match(stance.clause)
    return looks is not None and look.weights.keys().isdisjoint(stems(looks[0])) and not stance.agrees


def denies(holder: Holder) -> bool:
    """Whether a role's page says outright that it does not own a matter, or the heading over it does."""
    best = holder.stances[0]
    said = best.told or best.asked or _ground(best) in ("deny", "approve")
    return best.found.cover >= _ENOUGH and said


def leaves(holder: Holder) -> bool:
    """Whether a role's page says of the whole matter that others own it."""
    return holder.label in ("other", "contributor") and denies(holder) and holder.stances[0].found.said >= _PLAIN


def _ground(stance: Stance) -> Ground:
    return context_of(stance.found.passage.path).ground


def _of_deed(holder: Holder, others: str) -> str:
    """Whether a role may do a thing, by the heading that it stands under or the sentence."""
    role = quoted(holder.role)
    if _ground(holder.stances[0]) == "approve":
        return f"**Not alone.** {role} needs the approval of others"
    if holder.label == "owner":
        return "**Yes.** The page says so"
    return _SAYS[holder.label].format(role=role, others=others)


def _write(look: Look, holder: Holder, cited: Cited) -> Written:
    first = those(cited, [holder.stances[0].found.passage])
    actor = holder.stances[0].relation.actor
    others = "" if not actor else f" with {quoted(actor)}" if holder.label == "shared" else f": {quoted(actor)}"
    said = _SAYS[holder.label].format(role=quoted(holder.role), others=others)
    relation: Relation = holder.label
    if holder.label == "contributor" and look.question.verbs == ("support",):
        said = said.replace("**No.**", "**Yes.**")
    if not look.question.verbs or _ground(holder.stances[0]) == "approve":
        said = _of_deed(holder, others)
    elif holder.label == "owner" and not _said_so(look, holder):
        said, relation = f"**Not said so.** The page of {quoted(holder.role)} says something else of it", "unknown"
    lines = [f"{said}. {in_words(holder.stances[0])} {marks(c.id for c in first)}", ""] if first else []
    rest = [c for c in cited.values() if c not in first]
    lines += [f"- {in_context(c.path, c.topic, quoted(c.quote))} {marks((c.id,))}" for c in rest]
    claims = one_each(cited.values())
    shown_by = those(cited, [stance.found.passage for stance in holder.stances])
    standing = Standing(holder.role, relation, tuple(c.id for c in shown_by))
    return Written("\n".join(lines).strip(), (standing,), claims)
