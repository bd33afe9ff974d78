"""The verbs of role descriptions by what they make of their subject, in every inflection."""

from typing import Literal

VerbClass = Literal["do", "co", "help", "get", "state"]
Form = Literal["base", "s", "ing", "ed"]


def words(text: str) -> frozenset[str]:
    """A list of words as a set."""
    return frozenset(text.split())


_DO = words(
    """
    accept account achieve acquire act activate adapt address adjust administer adopt advance advocate
    allocate analyse analyze announce answer anticipate apply appoint appraise approve arbitrate architect
    arrange articulate assemble assess assign assure attract audit author authorise authorize automate
    balance begin block brief bring budget build calculate calibrate capture carry catalogue certify chair
    challenge champion check choose clarify classify close coach code collect command commission
    communicate compare compile complete comply compose compute conduct configure confirm consolidate
    construct control convert convene create cultivate curate cut declare decide define delegate deliver
    demonstrate deploy deprecate derive design detect determine develop devise diagnose direct disable discover
    dispatch disseminate distribute document draft draw drive edit educate elevate eliminate embed empower
    enable encourage enforce engage engineer enhance ensure equip establish estimate evaluate evangelize
    evolve examine exceed execute exercise expand explain explore extend facilitate fix forecast formalise
    formalize formulate foster freeze fund gather generate govern grant grow guarantee guide halt handle harden
    head hire hold host identify implement improve increase incorporate innovate inform initiate inspect
    inspire install institute instruct integrate interpret interview introduce invest investigate issue
    judge justify keep launch lead learn lift locate log maintain make manage map market maximise maximize
    measure mediate meet mentor merge migrate minimise minimize mitigate model modernise modernize modify
    monitor motivate notify nurture obtain onboard open offer operate operationalise operationalize
    optimise optimize orchestrate organise organize oversee own pay perform persuade pick pilot pioneer
    plan police prepare prescribe present preserve prevent price prioritise prioritize process procure
    produce programme program promote protect prototype prove provide provision publish purchase pursue
    put qualify raise rank read reconcile record recruit reduce refactor refine refuse reject release
    remediate remove replace report represent research resolve respond restore retain retire retrieve retrain
    revert review revise roll rotate run safeguard scale schedule scope secure seek segment select sell send
    serve set settle shape ship sign simplify solicit solve source specify spend split sponsor staff
    standardise standardize start steer steward stop streamline strengthen structure submit supervise
    supply sustain switch tailor take teach test track train transform translate transmit treat triage
    troubleshoot tune uncover unblock understand update uphold use validate verify version veto win
    withdraw write
    """
)
_CO = words(
    """
    agree co-approve co-author co-chair co-create co-decide co-define co-deliver co-design co-develop co-lead
    co-manage co-own co-plan co-review co-run co-sign co-sponsor
    """
)
_HELP = words(
    """
    advise aid align assist attend collaborate confer consult contribute cooperate coordinate co-ordinate
    deputise deputize escalate feed help influence interface join lend liaise negotiate observe
    participate partner propose recommend shadow suggest support sync synchronise synchronize work
    """
)
_GET = words("await consume depend inherit receive rely reuse")
_STATE = words(
    """
    belong come comprise cover differ earn exist expect feel have hear include involve know lack like live
    matter need possess require resemble rest see sit span stand want
    """
)

# Nouns as well as verbs: at the head of a text they are verbs only where no finite verb follows.
NOUN_TOO = words(
    """
    audit control design engineer finance head lead model partner program programme release research staff
    support work
    """
)
# Third persons that are plural nouns as well: "the platform leads", "quarterly plans".
PLURAL_TOO = words(
    """
    accounts acts audits budgets builds checks commands commissions controls costs designs drafts drives
    engineers estimates forecasts functions guides heads helps holds hosts interfaces interviews issues joins judges
    leads launches logs maps markets measures models needs partners pilots plans presents prices processes programmes
    programs projects protocols prototypes ranks records releases reports researches reviews schedules scopes
    sets shapes ships sources sponsors staffs starts stewards stops structures supplies supports tests tracks
    trains tunes updates uses versions works writes
    """
)

# Nouns before another noun rather than verbs: "budget alerts", "process improvements".
BEFORE_NOUN = words("budget market process program programme project research")

MAY_BE_NOUN = NOUN_TOO | PLURAL_TOO

_IRREGULAR = {
    "build": "built", "bring": "brought", "choose": "chosen", "draw": "drawn", "drive": "driven", "give": "given",
    "grow": "grown", "hold": "held", "keep": "kept", "lead": "led", "make": "made", "meet": "met", "pay": "paid",
    "oversee": "overseen", "run": "run", "seek": "sought", "sell": "sold", "send": "sent", "set": "set",
    "spend": "spent", "feed": "fed", "lend": "lent", "split": "split", "take": "taken", "teach": "taught",
    "understand": "understood", "uphold": "upheld", "win": "won", "withdraw": "withdrawn", "write": "written",
    "cut": "cut", "put": "put", "read": "read", "know": "known", "co-lead": "co-led", "co-run": "co-run",
    "freeze": "frozen",
}  # fmt: skip
_VOWELS = "aeiou"
_DOUBLED = words(
    """
    begin confer cut equip get map plan program put rerun run set ship split stop sync win
    """
)


def _forms(verb: str) -> tuple[tuple[str, Form], ...]:
    """The inflections of a verb."""
    last = verb[-1]
    stem = verb[:-1] if last == "e" and verb[-2] not in "eo" else verb
    if verb in _DOUBLED or verb.removeprefix("co-") in _DOUBLED:
        stem = verb if verb == "sync" else verb + last
    if last == "y" and verb[-2] not in _VOWELS:
        third, past = verb[:-1] + "ies", verb[:-1] + "ied"
    else:
        third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        past = stem + "ed"
    return (verb, "base"), (third, "s"), (stem + "ing", "ing"), (_IRREGULAR.get(verb, past), "ed")


def _lexicon() -> dict[str, tuple[VerbClass, Form, str]]:
    words: dict[str, tuple[VerbClass, Form, str]] = {}
    classes: tuple[tuple[VerbClass, frozenset[str]], ...] = (
        ("state", _STATE),
        ("get", _GET),
        ("do", _DO),
        ("help", _HELP),
        ("co", _CO),
    )
    for verb_class, verbs in classes:
        for verb in verbs:
            for word, form in reversed(_forms(verb)):
                words[word] = (verb_class, form, verb)
    return words


VERBS: dict[str, tuple[VerbClass, Form, str]] = _lexicon()
"""A word in lower case -> what it makes of its subject (do: owner; co: shared; help: contributor; get: other;
state: nothing), its form, its base form."""

BE = words("is are be being was were am")
MODAL = words("may can must will shall should would could might cannot")
