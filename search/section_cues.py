"""The cues by which questions ask for a whole section of a role's page."""

from ingest.blueprint import Topic

# Topic, cue; tried after those of search.cues, the first that matches wins.
SECTIONS: tuple[tuple[Topic, str], ...] = (
    ("scorecard", r"\bscorecards?\b"),
    (
        "ai_impact",
        r"\b(?:ai|llms?|genai|automation|machine intelligence)\b.*\b(?:chang|affect|impact|influenc|"
        r"transform|replac|mean|shift|alter)\w*"
        r"|\b(?:impact|effects?|influence) of (?:ai|automation)\b|\bai (?:impact|and automation)",
    ),
    (
        "compensation",
        r"\bsalar\w+|\bcompensation\b|\bpaid\b|\bpay(?:s|ing)?\b(?! for)|\bearns?\b|\bremunerat\w+"
        r"|\bbonus\w*|\bequity\b|\bwages?\b",
    ),
    (
        "kpis",
        r"\bkpi'?s?\b|\bindicators?\b|\bmetrics?\b(?! series)|\bkey performance\b"
        r"|\bhow (?:is|are|will|does|do) (?:success (?:of|for|in) )?§ (?:be )?(?:measured|judged|evaluated|assessed)\b"
        r"|\b(?:measured|judged|evaluated|assessed)(?: on| by| against)\b|\bnumbers\b.*\bmeasured\b"
        r"|\bsuccess (?:is |be )?measured|\bmeasures? of success|\bokrs?\b|\btargets?\b",
    ),
    ("hiring", r"\bhir(?:e|ed|es|ing)\b|\binterview\w*|\bcandidates?\b|\brecruit\w*"),
    ("soft_skills", r"\bsoft (?:skills?|ones)\b|\bbehaviou?r\w*|\binterpersonal|\bpersonality|\bcompetenc\w+"),
    (
        "decision_rights",
        r"\bdecisions?\b|\bdecsions?\b|\bdecide\b|\bdecision rights\b|\bauthority\b|\bapprov\w+|\bveto\b"
        r"|\bremit\b",
    ),
    ("career_path", r"\bcareer\b|\bprogression\b|\bpromot\w+|\bnext roles?\b"),
    (
        "goals",
        r"\bgoals?\b|\bobjectives?\b|\bmilestones?\b|\b(?:30|60|90)[-/ ](?:60|90)\b"
        r"|\b(?:first|by) (?:day|week|month) \w+|\bonboarding\b",
    ),
    (
        "deliverables",
        r"\bdeliver(?:able)?s?\b|\bart[ei]facts?\b|\bdocuments?\b.*\b(?:produce|write|create|publish)\w*"
        r"|\boutputs?\b|\bhand over\b|\bpublish\w*\b",
    ),
    (
        "risks",
        r"\brisks\b|\bchallenges?\b|\bfailure modes?\b|\bdifficult\w*\b|\bhard parts?\b|\bhardest\b"
        r"|\bgo(?:es|ing)? wrong\b",
    ),
    ("environment", r"\btech(?:nology|nical)? stack\b|\bstack\b|\benvironments?\b"),
    ("tools", r"\btools?\b|\btooling\b|\bsoftware\b(?! eng)|\btechnolog(?:y|ies)\b"),
    ("technical_skills", r"\btechnical (?:skills?|ones|expertise|knowledge)|\bhard skills?|\bskills?\b"),
    (
        "qualifications",
        r"\bqualifi\w+|\bexp[ea]rience\b|\bexperianced?\b|\bbackgrounds?\b|\brequirements?\b"
        r"|\bwhat (?:does|do|must|should) § (?:need|bring|require|have to (?:have|know))\W*$",
    ),
    (
        "stakeholders",
        r"\bstakeholders?\b|\bcollaborat\w+|\b(?:works?|working|interact|partner|meet|talk)s? (?:\w+ ){0,2}with\b"
        r"|\breports?(?:ing)?\b.*\bto\b|\bto (?:whom|who)\b.*\breports?\b|\bboss\b|\bline manager\b"
        r"|\breporting lines?",
    ),
    ("activities", r"\bday[ -]to[ -]day\b|\bactivit(?:y|ies)\b|\broutines?\b|\brituals?\b|\bmeetings?\b"),
    ("variants", r"\bvariants?\b|\bvar(?:y|ies)\b|\bdifferent (?:kinds|flavou?rs) of"),
    (
        "responsibilities",
        r"\bresponsibilit\w+|\bduties\b|\baccountabilit\w+|\bresponsible for\b|\btasks?\b"
        r"|\bwhat § (?:actually |really |mainly )?(?:does|do)\b"
        r"|\bwhat (?:does|do|should|must) § (?:actually |really |mainly )?do\b(?! \w)",
    ),
    ("market", r"\bjob market|\bdemand for\b|\bmarket demand|\boutlook\b|\bjob trends?"),
    ("mission", r"\bmission\b|\bpurpose\b|\bwhy does (?:the |this )?[\w ]*role exist"),
    (
        "summary",
        r"\bsummar\w+|\boverview\b|\bdescribe\b|\bwhat is §|\bwho is §|\btell me (?:more )?about\b|\bintroduc\w+"
        r"|\bexplain (?:the )?(?:role of )?§",
    ),
)
