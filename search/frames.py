"""How a question is put: who is asked for, by which verb, whether it is denied, and the matter that is left."""

import re
from functools import lru_cache
from typing import Literal

from search.wording import word_set

VerbClass = Literal["own", "share", "decide", "approve", "run", "make", "watch", "support", "need"]

ROLE = "§"  # stands for a role that a text names

# Sayings that a page need not have; none of their words is the matter.
_SAYINGS: dict[VerbClass, str] = {
    "own": r"on the hook|(?:(?:on|in) )?whose (?:desk|plate|court)|(?:does |is |do )?the buck stops?(?: with)?"
    r"|answerable|answers? (?=for\b)|the go-?to(?: (?:person|role|one|contact|team))?"
    r"|(?:the )?(?:dri|directly responsible(?: individual)?|point person)(?= (?:for|of|on)\b)"
    r"|(?:first )?(?:port of call|point of contact)|(?:wears?|has) the hat|in the (?:hot|driving|driver's) seat"
    r"|carr(?:y|ies) the can|takes? the (?:blame|heat|fall)",
    "decide": r"calls? the shots"
    r"|(?:ha(?:s|ve) |gets? )?(?:the |a )?(?:last|final|deciding|casting) (?:word|say|vote|call)",
    "make": r"holds? the pen",
}
_NO_PART = (
    r"(?:(?:ha(?:s|ve|d)|gets?|holds?|with|given|plays?|takes?) no|without (?:an?|any)"
    r"|(?:not|n['’]t) (?:have|get|hold|play|take) (?:an?|any)|lacks?(?: the| any)?) (?:\w+ )?"
    r"(?:say|parts?|votes?|voice|hand|role|authority|rights?|power|responsibility|involvement|business|stake)"
)
_SAYING = re.compile(rf"\b(?:{'|'.join((*_SAYINGS.values(), _NO_PART))})\b", re.I)

_VERBS: tuple[tuple[VerbClass, str], ...] = (
    *_SAYINGS.items(),
    ("share", r"co-?own\w*|co-?lead\w*|co-?decid\w*|shares?|shared|sharing|jointly"),
    (
        "own",
        r"owns?|owned|owning|owners?|ownership|accountab\w+|respons\w*bl\w+|responsib\w+|in charge|belongs?|owed|"
        r"remit|whose (?:job|duty|task|area|contract|budget|responsibility|baby)",
    ),
    (
        "approve",
        r"approv\w+|sign(?:s|ed|ing)?(?:[ -]?offs?)?|grants?|authori[sz]\w*|certif(?:y|ies|ied)|veto\w*|agrees?",
    ),
    (
        "decide",
        r"decid\w+|decisions?|sets?|setting|choos\w+|picks?|determin\w+|settles?|whose call|has "
        r"(?:the|a) say|"
        r"prioriti[sz]\w+|may|can|suspends?|stops?|rejects?",
    ),
    (
        "run",
        r"runs?|running|operat(?:e|es|ing)|manag(?:e|es|ing)|leads?|leading|heads?|chairs?|commands?|"
        r"coordinat\w+|drives?|"
        r"driving|execut(?:e|es|ing)|maintain\w*|keeps?|handles?|handling|conducts?|looks? after|takes? care|"
        r"acts? as|"
        r"oversees?|administers?|administrates?|organi[sz]es?|governs?|arranges?|"
        r"enforces?|answers?|performs?|carr(?:y|ies) out|hires?|negotiat\w+|deals? with|does|do",
    ),
    (
        "make",
        r"writes?|writing|builds?|building|produc(?:e|es|ing)|drafts?|creat(?:e|es|ing)|designs?|develops?|plans?|"
        r"defines?|implements?|delivers?|provides?|publish\w*|maintains?|fix(?:es)?",
    ),
    ("watch", r"monitors?|watch(?:es|ing)?|reviews?|audits?|checks?|tracks?|ensur(?:e|es|ing)|measures?"),
    (
        "support",
        r"supports?|contribut\w+|helps?|advis\w+|consult\w+|informed|participat\w+|involved|partners?|influenc\w+|"
        r"recommend\w*|has a hand|plays? a part|uses?|works? (?:on|with)",
    ),
)
_COMPILED = tuple((kind, re.compile(rf"\b(?:{cue})\b")) for kind, cue in _VERBS)
_ANY_VERB = "|".join(cue for kind, cue in _VERBS)
# one who "leads" or "heads" is no lead or head: those act themselves, "which lead owns ..."
PEOPLE = (
    r"(?:roles?|teams?|people|leaders?|positions?|functions?"
    r"|jobs?(?! (?:grade|title|level|description|family|market)s?\b)|persons?|titles?|departments?|groups?|managers?"
    r"|occupations?|professions?|leads|heads|directors?|vps?|engineers?|(?:lead|head)(?= \w*[^\Ws]s\b))"
)
_AUX = r"(?:does|do|did|is|are|was|should|must|can|could|will|would|may|might|has|have|had)"
_WHO = rf"(?:who(?:se|m)?(?:'?s)?|wh?ich (?:[\w-]+ ){{0,4}}?{PEOPLE}|what (?:[\w-]+ ){{0,2}}?{PEOPLE}|wh?ich of)"
_HAVE = r"(?:have|know|hold|master|bring|speak|be able)"
_NEEDED = re.compile(
    rf"(?:{_WHO}|\b{PEOPLE}(?: (?:that|which|who))?)(?: [\w-]+){{0,3}}? "
    rf"(?:(?<!the )(?:needs?|requires?|demands?|expects?)(?: to {_HAVE}\b|(?! to\b))|(?:asks?|calls?) for"
    rf"|(?:needing|requiring|demanding)|(?:must|should|has to|have to) {_HAVE}"
    r"|(?:fits?|suits?)(?= (?:[\w-]+ ){1,4}(?:with|knows?|has|have|speaks?) ))\b"
    r"(?! more\b| less\b)(?!.*\b(?:approv\w*|sign(?:ed)?[ -]?off|permission|consent|helps?|support|input)\b)"
)
_NEGATED = re.compile(
    rf"\b(?:do|does|did|is|are|should|can|must|may|will|has|have)(?:n['’]?t| not| never)\b(?: \w+)? "
    rf"?(?:{_ANY_VERB})\b"
    rf"|\b(?:cannot|never|not) (?:\w+ly )?(?:{_ANY_VERB})\b(?! on)|\bnot? (?:one )?(?:owner|accountable|"
    rf"responsible)\b"
    r"|\bnothing to do with\b|\bnobody\b|\bno(?:-one| one| role| roles)\b|\bunowned\b|\bwithout (?:an )?owner"
    rf"|\b{_NO_PART}\b"
    rf"|^(?:and |so |but )?{_WHO}(?: [\w-]+){{0,2}}? "
    rf"(?:{_AUX}(?:n['’]?t| not)|can['’]?t|cannot|won['’]t|(?:{_AUX} )?never)\b"
)
_CONDITION = re.compile(r"(?<=\w) (?:when(?:ever)?|if|because|while|unless|once|until|after|before)\b")
_QUESTION_WORD = re.compile(r"\b(?:who(?:se|m|s)?|wh?ich|wh?at(?:s)?|how|when|where|why)\b")
_WHO_FIRST = re.compile(rf"{_WHO}\b")
_WHO_BY_NOUN = re.compile(
    r"^(?:the )?owners? (?:of|for)\b|\b(?:owner|owners|ownership)\??$|^ownership of\b"
    r"|^(?:responsible|accountable) for (?:[\w-]+ ?){1,5}\??$|\bis there (?:an? )?(?:role|team|owner|person|"
    r"anyone|anybody|someone)\b"
    r"|\b(?:does|do|is|are|has|have|will) (?:any ?(?:one|body|role|roles|team)|some ?(?:one|body))\b"
    rf"|^(?:please )?(?:list|show|give|name|find|tell)\b(?: me| us)?(?: all| every)?(?: of)?(?: the)? (?:[\w-]+ "
    rf")?(?:{PEOPLE}|those|everyone|whoever)\b"
)
# "gpu quotas, who sets them": the matter first
_WHO_LAST = re.compile(
    rf"(?<!people )(?<!someone )(?<!one )(?<!those )\bwho (?:is |are )?(?:{_ANY_VERB})"
    rf"(?: (?:for|of|it|this|that|them|these))*\W*$"
)
_ROLE_IS_SUBJECT = re.compile(
    rf"{_WHO}(?: \w+)? {_AUX} {ROLE}|\bwho(?:m|'s)? (?:is |are )?(?:the |{ROLE}'s )?(?:\w+ )?(?:stakeholders?|"
    rf"peers?|partners?|customers|users)\b.*{ROLE}"
    rf"|\b(?:reports? to|bosse?s?|line managers?|supervis\w+) .*{ROLE}|{ROLE}\W+reports? to\b"
    # "§: who's the boss?"
    rf"|^{ROLE}\W+(?:and )?(?:to )?who(?:m|'?s)?(?: \w+)*? "
    r"(?:boss|(?:line )?manager|supervisor|above|reports?(?: to)?)\W*$"
)
_NOT_OF_PEOPLE = re.compile(
    r"\b(?:wh?ich|what) (?:roles?|jobs?|positions?) .*\b(?:next|feed|feeder|move|come|become|grow|after|leads? "
    r"(?:in)?to §)(?!\w)"
)
_SIMILAR = re.compile(
    r"\b(?:similar|comparable|equivalents?|alike|akin|resembl\w+|counterparts?|analogous|overlap\w*)\b"
    r"|\b(?:who|anyone|anybody|what|which roles?) else\b|\b(?:which|what|any|in|of|do|does) other (?:roles?|"
    r"pages?|jobs?|teams?)\b"
    r"|\bsame (?:responsibilit\w+|dut\w+|work|tasks?|job)\b|\blike (?:this|that|the following)\b|"
    r"\b(?:responsibilit\w+|duties|duty|tasks?|something|anything)(?: (?:is|are|reads?|sounds?|most|(?:that|which) "
    r"(?:is|are|reads?|sounds?)))?(?: most| much)? like\b"
    r"|\blike [\"“„«‘](?=\S)"
    # "which roles are like §", "roles close to §"
    rf"|\b(?:{PEOPLE}|are|is|most|much|one|someone|anyone) (?:like|near(?:est)? to|clos(?:e|est) to) {ROLE}\W*$"
)
_WHAT_ELSE = re.compile(rf"\bwhat else\b.*{ROLE}")
_COMPARE = re.compile(
    r"\b(?:compar\w+|differ\w*|versus|vs|contrast\w*|distinguish\w*|separates?|in common|each|both|respectively|"
    r"more|less|"
    r"fewer|higher|lower|larger|bigger|smaller|longer|greater|(?<!rather )than)\b"
    r"|\bwho (?:\w+ ){1,2}(?:for )?(?:what|which)\b"
)
_RELATES = re.compile(
    r"\b(?:report|meet|work|escalate|collaborate|talk|hand|interact|agree|need|serve)s?\b.*\b(?:to|with|over|of)\b"
)
_NO_LIST = re.compile(
    r"\bhow (?:many|much|long|often|fast|quickly|soon|big|large|high|low|old|far|frequently|late|early|senior|wide)\b"
    r"|\bwhat(?:'?s| is| are| was| were)? ?(?:the |an? )?(?:\w+ )?(?:share|percentage|percent|proportion|number|"
    r"amount|size|ratio|threshold|goal) (?:for|of)\b"
    r"|\btarget\b(?! setting)|\byears? of exp"
    r"|\b(?:above|from|below|beyond|at|under|by|within|until|after|before|on|to) wh?(?:at|ich|om) (?!things|"
    r"matters|indicators|kpis|metrics|criteria|measures|figures|jobs|roles|decisions|grounds|ways|areas|"
    r"stakeholders|teams)"
    r"|\b(?:minimum|maximum|lowest|highest|average|median|at least|at most)\b|^when\b|\bwhat time\b|"
    r"\bdeadline\b|%|\baccording to\b"
    r"|\breports? (?:directly )?to\b|\bto whom\b|\bboss(?:es)?\b|\bline manager\b|\bsalar\w+|\bpaid\b|"
    r"\bearn\w*\b|\bused for\b"
)
_BEFORE_ASKING = word_set("and so but or to for in on at by with from of under above below within until after then")
_YES_NO = re.compile(rf"^(?:and |so |but |or )?{_AUX}(?= )")
_REQUEST = re.compile(
    r"^(?:please |can you |could you |would you )?(?:list|show|give|tell|name|compare|describe|explain|"
    r"summari[sz]e|find|contrast)\b"
    r"|^(?:i|we) (?:want|need|would|wonder|am|have)\b|^(?:please|pls)\b"
)


@lru_cache(maxsize=1 << 14)
def verb_classes(plain: str) -> tuple[VerbClass, ...]:
    """The classes of the ownership verbs of a folded text, in its order, without the question's own auxiliary; "need"
    where it asks for what roles need, not for what they do."""
    if _NEEDED.search(plain):
        return ("need",)
    bare = re.sub(rf"\b{_WHO}\b|\b(?:do|does|did)\b(?= (?:not|any\w*|some\w*|i|you|we|they|{ROLE}))", " ", plain)
    found = sorted((hit.start(), kind) for kind, cue in _COMPILED if (hit := cue.search(bare)))
    classes = tuple(dict.fromkeys(kind for _, kind in found))
    if "share" in classes:
        return tuple(kind for kind in classes if kind != "own")
    return classes


def sayings(text: str) -> tuple[tuple[int, int], ...]:
    """Where a text says in a figure of speech how a role stands to a matter: "on the hook", start and end of each."""
    return tuple(found.span() for found in _SAYING.finditer(text))


def is_verb(word: str) -> bool:
    """Whether a folded word says how a role stands to a matter."""
    return any(cue.fullmatch(word) for _, cue in _COMPILED)


def is_negated(plain: str) -> bool:
    """Whether the owning itself is denied: "which roles do NOT own"."""
    return bool(_NEGATED.search(_CONDITION.split(plain)[0]))


def asks_for_roles(plain: str) -> bool:
    """Whether the answer is who: the main question word asks for people and no named role is the subject."""
    if _ROLE_IS_SUBJECT.search(plain) or (ROLE in plain and _NOT_OF_PEOPLE.search(plain)):
        return False
    last = _WHO_LAST.search(plain)
    if _WHO_BY_NOUN.search(plain) or (last and not _QUESTION_WORD.search(plain[: last.start()])):
        return True
    first = _asking_word(plain) or (_QUESTION_WORD.search(plain) if plain.endswith("?") else None)
    return bool(first and _WHO_FIRST.match(plain, first.start()))


def asks_for_like(plain: str) -> bool:
    return bool(_SIMILAR.search(plain))


def asks_what_else(plain: str) -> bool:
    """Whether more of the same role is asked for: "what else is § responsible for"."""
    return bool(_WHAT_ELSE.search(plain))


def asks_to_compare(plain: str) -> bool:
    """Of a text with two roles: whether it sets them side by side, not in relation to each other."""
    if _COMPARE.search(plain) or re.search(rf"{ROLE} ?(?:'s )?(?:,|/|and|or|&)(?: the| an?)? ?{ROLE}", plain):
        return True
    return not _RELATES.search(plain)


def sets_apart(plain: str) -> bool:
    """Whether a text says in words that it compares."""
    return bool(_COMPARE.search(plain))


def asks_yes_or_no(plain: str) -> bool:
    return bool(_YES_NO.search(plain))


def wants_one_thing(plain: str) -> bool:
    """Whether a number, a name or yes or no is asked for, not a list."""
    return bool(_NO_LIST.search(plain)) or asks_yes_or_no(plain)


def is_question(text: str, plain: str) -> bool:
    """Whether a text asks or requests; else it states."""
    if "?" in text or _REQUEST.search(plain) or _YES_NO.search(plain):
        return True
    return bool(_asking_word(plain) or _WHO_BY_NOUN.search(plain))


def _asking_word(plain: str) -> re.Match[str] | None:
    """The first question word that opens the text or a clause of it, but for a preposition or the like."""
    for found in _QUESTION_WORD.finditer(plain):
        before = re.split(r"[,:;.!–—]\s|\s-\s", plain[: found.start()])[-1].split()
        if not before or (len(before) == 1 and before[0] in _BEFORE_ASKING):
            return found
    return None
