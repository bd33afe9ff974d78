"""The turns of phrase by which role descriptions say whose a matter is."""

import re

from search.verbs import words

# In a clause
SKIP = words(
    """
    also then still both always often to and directly solely itself not never
    """
)
# Adverbs that do not end in "-ly", nouns that do, and adverbs that tell whose a matter is
_ADVERBS = words("also always ever mostly never not now often once seldom sometimes still then there usually")
_LY_NOUNS = words("anomaly assembly family fly july italy monopoly reply supply")
TELLING = words("jointly never not only")


def is_adverb(word: str) -> bool:
    """Whether a word in lower case tells how or how often, so that it begins no name."""
    return word in _ADVERBS or (word.endswith("ly") and word not in _LY_NOUNS)


HAVE = words(
    """
    has have holds hold retains retain carries carry exercises exercise
    """
)
# Only people do these: a name that is not known to be one is taken for one
RULES = words("owns approves decides co-owns oversees")
BINDS = re.compile(r"(?:owned|approved|decided|signed|led|headed|chaired|rests?|sits?|lies?|belongs?)\b")
RIGHT = re.compile(
    r"(?:\w+ ){0,3}(?:authority|say|word|ownership|responsibility|accountability|veto|right|power|discretion|mandate"
    r"|decision|oversight|budget)\b"
)
CHARGED = re.compile(
    r"(?:\w+ly )?(?:(?:the |an? |ultimate |final |overall |sole |single |primary |main |named "
    r"|executive )*(?:directly )?"
    r"(?:responsible|accountable|answerable|owners?|in charge|empowered|authori[sz]ed|decision.makers?"
    r"|approvers?|deciders?"
    r"|head|chair|lead|commander|allowed|free|liable|dri|directly responsible individual|point person"
    r"|(?:point of )?contact|(?:first )?responder|custodian|steward)"
    r"|(?:an? |the )(?:[\w-]+ ){1,6}?(?:responsible|accountable) (?:for|to))\b"
)
# No deed: where the role stands, what there is
STATES = re.compile(
    r"reports? (?:directly )?(?:in)?to\b"
    r"|(?:belong|comprise|differ|exist|ha(?:ve|s)|include|lack|possess|resemble|span)s?\b"
)
# Only at hand: a seat among others, a turn for somebody else
STANDS_IN = re.compile(
    r"(?:sits? (?:on|in|beside|alongside|next to)|sit (?:with|through)|serves? on|weighs? in|backs? up|pairs? with"
    r"|(?:stand|fill|step|cover|deputi[sz]e)s? (?:in )?for)\b"
)
ONLY_TAKES = re.compile(r"\b(?:only|merely) (?:reads?|uses?|receives?|views?|gets?)\b")
CONSULTED = re.compile(
    r"(?:\w+ly )?(?:consulted|asked|involved|invited|an? (?:\w+ )?(?:advis\w+|contributor"
    r"|member|partner))\b"
)
INFORMED = re.compile(r"(?:\w+ly )?(?:informed|notified|an? (?:\w+ )?(?:consumer|customer|user|recipient))\b")
COPULA_CO = re.compile(r"(?:an? |the )?(?:joint\w*|co-\w+|jointly \w+)\b")
TO_DO = re.compile(
    r"(?:expected|required|able|there|asked|needed|meant|positioned|empowered|has"
    r"|have) to (\w[\w-]*)"
)
WITH = re.compile(
    r"\b(?:in (?:\w+ )?(?:partnership|collaboration|conjunction|tandem) with|together with"
    r"|jointly (?:\w+ )?(?:with|by)"
    r"|side by side with|hand in hand with"
    r"|(?:shar|split|divid)\w* (?:[\w-]+ ){0,2}?(?:ownership|accountability|responsibility"
    r"|authority|duty|duties|command|control|rota|remit)\b[^,;]{0,60}? with)"
)
JOINT = re.compile(
    r"\b(?:jointly|co-own\w*|co-decid\w*|co-le(?:ad|d)\w*|shar(?:es?|ing) (?:ownership|accountability"
    r"|responsibility)|joint owner\w*)\b"
)
SIGN = re.compile(
    r"\bsubject to [^;.]{0,50}?(?:approval|sign.?off|consent)|\bwith (?:\w+ )?(?:approval|sign.?off"
    r"|consent) (?:of|from|by)\b"
    r"|\b(?:requir\w+|needs?|pending|awaits?) (?:the )?[^;,.]{0,40}?\b(?:approval|sign.?off|consent)\b"
    r"|\bfor (?:\w+ ){0,3}approval (?:by|of|from)\b"
)
ADVICE = words(
    """
    guidance input inputs advice support feedback recommendations recommendation consultation expertise
    comments proposal proposals assistance counsel insight insights help suggestions perspective consulting advisory
    backup cover contributions
    """
)
ADVISER = re.compile(
    r"\w+ as (?:an? |the |both )?(?:\w+ ){0,3}?(?:advis\w+|liaison|consultant|resource|support|backup|deputy|partner"
    r"|contributor|bridge|interface|member|sounding board|delegate)\b"
)
SERVED = re.compile(
    r"\b(?:customers?|clients?|users?|partners?|candidates?|vendors?|suppliers?|agenc\w+"
    r"|contractors?)\b"
)
OTHERS = re.compile(
    r"\w+ (?:\w+ ){0,3}?(?:teams?|others?|engineers?|developers?|scientists?|squads?|groups?|managers?|stakeholders?"
    r"|departments?|customers?|users?|colleagues|partners?|leaders?|people|them|units?|product"
    r"|business)\b(?: (?:to|in|with|on|by|through|via|and)\b|,|$)"
)
DEAL = re.compile(r"\b(?:vendors?|suppliers?|contracts?|terms|pricing|prices?|discounts?|renewals?|deals?|rates?)\b")
INSIDE = re.compile(
    r"\bdata contracts?\b|\bwith [^,;]{0,30}\b(?:teams?|engineering|owners?|squads?|leads?"
    r"|peers?|stakeholders?)\b"
)
WEAK = words(
    """
    understand support help assist learn gather advise align coordinate inform
    """
)
TOGETHER = words("partner collaborate work cooperate join")
ASSIGNED = re.compile(r"\bas (?:\w+ )?(?:assigned|directed|requested|needed|required)\b|\bassigned\b")
OBJECT = words(
    """
    the a an all its their our this that these each any every whether how what which only own
    """
)
ASIDE = re.compile(r"\s\([^()]*\)")
EDGE = '.,;:()*_"“”‘’[]'
AFTER_WORK = words(
    """
    with on to across alongside under through in towards toward for at from within between and
    cross-functionally as together
    """
)
STOP = words(
    """
    to on for so when where who which that including during before after in at through via under whose as if
    because focusing ensuring while using across into around about over per until is are
    """
)
BY = re.compile(
    r"\b(?:owned|led|run|decided|approved|managed|handled|maintained|signed|made|set|done|provided|delivered"
    r"|taken|held"
    r"|governed|controlled|chaired|defined|built|produced|supplied|written|headed|kept|operated|reviewed|co-\w+"
    r"|proposed"
    r"|settled|resolved|determined|granted|authori[sz]ed)(?: off)?(?: (?:jointly|solely|only|together))? by "
    r"|\b(?:is|are|be|been|gets?) (?:\w+ )?\w+(?:ed|en|wn) (?:\w+ly )?by "
    r"|\bco-\w+ed with |\bjointly \w+ with |\bcomes? from |\b(?:rests?|sits?|lies?|stays?|remains?) with "
    r"|\bbelongs? to |\bis up to |\b(?:responsibility|remit|decision|call) of "
)
WITH_WHOM = re.compile(
    r"\b(?:partnership|collaboration|conjunction|tandem|together|jointly|co-\w+|[Pp]artner\w*|[Cc]ollaborat\w*"
    r"|[Ww]ork\w*"
    r"|[Cc]ooperat\w*|agreed|shared?|owner\w*|accountability|responsibility)\b[^;.]{0,60}? (?:with|alongside) "
)

# In a statement
SPACE = re.compile(r"\s+")
CLAUSE = re.compile(r"; |(?<=[a-z0-9)%])\. (?=[A-Z“\"])| (?:while|whereas|although) |, but | — (?=this )")
LABEL = re.compile(r"^([^:;.]{2,90}?)\s*(?::\s+|\s[—–]\s|\s-\s)(.+)$", re.S)
TRAIT = re.compile(
    r"^(?:(?:strong|proven|demonstrated|excellent|solid|deep|good|basic|advanced|significant|prior|extensive"
    r"|working|broad"
    r"|previous|relevant|hands-on|thorough|outstanding|exceptional|the|an?|some|in-depth|practical)\s+(?:\w+\s+)?){0,5}"
    r"(?:abilit(?:y|ies)|experience|knowledge|familiarity|understanding|proficien\w+|expertise|degree|skills?"
    r"|background"
    r"|willing(?:ness)?|able|aptitude|capacity to|comfort(?:able)?|passion\w*|track record|fluen\w+"
    r"|certifi(?:ed|cation\w*))(?=[,.:/]|$| (?:in|with|of|to|for|working|using|as|and|on|managing|leading"
    r"|building|or)\b)"
    r"|^\d+\+?\s*(?:[-–]\s*\d+\+?\s*)?years?\b|^(?:bachelor|master|phd|ba|bs|mba)\b",
    re.I,
)
SKILLED = re.compile(
    r"^(?:[\w/&-]+,? ){1,6}(?:skills|acumen|mindset|work ethic)(?=[,.;]|$| (?:in|with|to|and)\b)", re.I
)
CAPABLE = re.compile(
    r"^(?:\w+ly )?(?:leverag|appl|demonstrat|possess|ha(?:s|ve)|bring|exhibit|show|know|use|display|hold"
    r"|maintain)\w* "
    r"(?:\S+ ){0,4}?(?:expertise|knowledge|skills?|experience|understanding|ability|proficiency|aptitude)\b",
    re.I,
)
REFERS = re.compile(
    r"^(?:extends?|includes?|same as|all (?:of )?(?:the )?\w*|everything|see|refer|equivalent|inherits?"
    r"|in addition to|other)\b"
    r".{0,60}\b(?:responsibilit\w+|requirements|duties|tasks|above|below)\b"
    r"|\bvar(?:y|ies) (?:by|with|across)\b|\bbelow (?:is|are)\b|responsibilit\w+ (?:include|are"
    r"|of the).{0,40}\b(?:those|same|general)\b|^(?:note|n\.?b\.?|nota bene|example|e\.g\.|i\.e\.)\b[:.]?",
    re.I,
)
DEFINES = re.compile(
    r"^(?:an? |the )?[\w /&-]{2,50}? (?:is|are|refers to|means) (?:an? |the |defined|any "
    r"|when |where |what )",
    re.I,
)
ESCALATE = re.compile(r"^(?:escalat\w+|refer\w*|goes?|taken) (?:to|via|through|with) (?:the )?", re.I)
ARROW = re.compile(r"\s*(?:→|->|=>|⇒)\s*")
WORK_NOUN = re.compile(
    r"^(?:[\w/-]+ ){0,3}(?:syncs?|alignment|liaison|coordination|collaboration|participation|input|support|assistance"
    r"|attendance|contributions?|consultation|partnership|influence|touch.?points?"
    r"|check.?ins?)\b(?: \w+)? (?:with|to|into|in|on|over|for|between|across|at)\b"
    r"|\b(?:participation|attendance)[.)]?$",
    re.I,
)
DOING_NOW = re.compile(r"^.{2,70}?[\w)],? (?:who|which|that|whose|(?!engineering|marketing|accounting)[a-z-]+ing)\b")
GROUPS = ("team", "teams", "group", "department", "squad", "squads")
GIVES = re.compile(
    r"\b(?:provides?|delivers?|supplies|supply|defines?|sets?|handles?|maintains?)\b|\b(?:by"
    r"|from|with|to) "
)
STRONG = re.compile(
    r"\b(?:own|lead|run|decide|approve|hold|manage|retain|keep|sign|chair|operate|direct|co-\w+)s?\b"
    r"|\b(?:accountable|responsible)\b"
)
# What newcomers do to know a matter, not to have it: "Read the last three reviews", "Meet every owner of …".
LEARNS = re.compile(
    r"(?:read|meet|learn|visit|tour|watch|understand|interview|study|walk through|get to know"
    r"|familiari[sz]e|ask)s?\b(?! (?:and|,) )",
    re.I,
)
