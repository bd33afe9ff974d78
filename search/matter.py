"""The matter of a question: its words without its frame, the roles it names and the parts of a page it asks for."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from search.frames import PEOPLE, is_verb, sayings
from search.wording import Word, stem, word_set

_OPENING = 8  # words in which a question for roles says whom it asks for
_JOINERS = word_set(
    "responsible accountable off co charge final say ask talk paged called get gets care never allowed permitted "
    "entitled able deal deals"
)
_PEOPLE = re.compile(rf"{PEOPLE}|lead|head|owners?|anyone|anybody")

_SENTENCE_END = frozenset(".!?;\n")
_ASKER = word_set("i i'm im i've i'd we we're we've our my as")

# Words that carry no matter: of the question's frame, and of a role's page in general.
FRAME = word_set("""
    who whose whom which wich what whats wat how when where why does do did is are was were be been being has have
    had can could may might must shall should will would the a an of for to in on at by with from and or as that
    this these those it its they them their his her he she we you your our i me us my there here any anyone
    anybody some someone somebody all every each please tell list show give name find compare describe explain
    summarise summarize and also but not no so if than then about into out up down per one ones role roles job
    jobs position positions seat person people anything anyone thing things way ways kind kinds kinda sort main
    mainly typical typically typicaly usual usually normal normally common commonly general generally new need
    needs needed require requires required supposed expect expected expects get gets got done do put place look looks
    like come comes go goes going take takes make makes made use used uses using work works working someone's own
    yes say says said want know same see
    watch between during first next end while when day days s t don doesn isn aren what's who's versus vs both
    differ differs different difference differences common share shared now still really isn't aren't don't
    dont doesnt isnt arent
    doesn't didn't won't can't wasn't actually exactly currently today team teams plus other others else more most much
    many very often quickly soon meet meets similar comparable equivalent equivalents alike akin resemble resembles
    resembling counterpart counterparts analogous
    """)
_TOPIC_WORDS = word_set("""
    kpi metric indicator measured judged goal objective milestone deliverable artefact artifact document output
    produce tool tooling software tech stack environment budget become skill technical soft hard stakeholder
    collaborate collaboration decision decide decsion right authority approval approve independently alone ask asking
    jointly agreement peer remit outside qualification experience experiance requirement degree certification
    career path progression feeder promotion risk challenge failure mode fail pitfall trap safeguard against wrong
    variant hiring hire interview interviewing candidate red flag exercise tested scorecard mission purpose
    summary overview responsibility duty task activity daily weekly week month year meeting recurring move report
    boss salary compensation pay paid earn ai automation change changing impact good nice must core critical essential
    exec executive board before acting matter people typically done hand over publish term number judged thirty
    sixty ninety 30 60 90 deliver responsible accountable six twelve twelfth already coming
    """)


def kept(tokens: Sequence[Word], gone: AbstractSet[int], topics: AbstractSet[str] = _TOPIC_WORDS) -> list[int]:
    """The places of the words that carry matter; `topics`: words of page parts, which carry none."""
    return [
        place
        for place, word in enumerate(tokens)
        if place not in gone
        and not {word.text, stem(word.text)} & topics
        and (word.text not in FRAME or _hyphened(tokens, place))
    ]


def matter_of(text: str, tokens: Sequence[Word], gone: AbstractSet[int], asks_roles: bool) -> str:
    """The text's own words from its first that carries matter to its last, those in `gone` and the frame left out."""
    if asks_roles:
        places, gone = _asked_of_roles(text, tokens, gone)
    else:
        places = kept(tokens, gone)
    asked = [place for place in places if place < _said_after(tokens)]
    places = asked or places
    pieces: list[str] = []
    run: list[int] = []
    for place in [*places, -1]:
        if run and (place < 0 or any(p in gone for p in range(run[-1], place)) or place - run[-1] > 4):
            pieces.append(text[tokens[run[0]].start : tokens[run[-1]].end])
            run = []
        run.append(place)
    return " ".join(pieces)


def _asked_of_roles(text: str, tokens: Sequence[Word], gone: AbstractSet[int]) -> tuple[list[int], AbstractSet[int]]:
    """The places of the matter in a question for roles, and those of its frame; what leads up to it counts where it is
    no sentence of its own, or where nothing else does."""
    spans = sayings(text)
    said = {place for place, word in enumerate(tokens) if any(a <= word.start < b for a, b in spans)}
    opening = _opening(tokens, gone | said)
    frame = gone | said | opening
    places = kept(tokens, frame, frozenset())
    first = min(opening)
    ends = [place for place in range(1, first + 1) if _SENTENCE_END & set(tokens[place].gap)]
    told = ends[-1] if ends else 0
    told = first if tokens[told].text in _ASKER and tokens[first].gap.strip() else told
    return [place for place in places if place >= told or max(places) < first], frame


def _said_after(tokens: Sequence[Word]) -> int:
    """The place where a text goes on after its last question."""
    return max((place for place, word in enumerate(tokens) if "?" in word.gap), default=len(tokens))


def _opening(tokens: Sequence[Word], gone: AbstractSet[int]) -> set[int]:
    """The question's opening up to the matter: who is asked for, and the ownership verbs with what joins them."""
    nouns = [place for place, word in enumerate(tokens[:_OPENING]) if _PEOPLE.fullmatch(word.text)]
    asking = [place for place, word in enumerate(tokens) if word.text.startswith(("who", "which", "wich"))]
    first = (asking or nouns or [0])[0]
    beside = [place for place in nouns if first < place <= first + 4 and not tokens[first].text.startswith("who")]
    last = (beside or [first])[0] + 1
    while last < len(tokens) and (last in gone or _opens(tokens, last)):
        last += 1
    return set(range(first, last))


def _opens(tokens: Sequence[Word], place: int) -> bool:
    word = tokens[place].text
    verb = is_verb(word)
    return not _hyphened(tokens, place) and (verb or word in FRAME or word in _JOINERS or bool(_PEOPLE.fullmatch(word)))


def _hyphened(tokens: Sequence[Word], place: int) -> bool:
    """Whether a word is a part of one like "on-call", but for "co-own"."""
    if tokens[place].text == "co" or (place and tokens[place - 1].text == "co"):
        return False
    return tokens[place].gap == "-" or (place + 1 < len(tokens) and tokens[place + 1].gap == "-")
