"""The cues by which questions ask for a part of a role's page."""

from ingest.blueprint import Topic

# Topic, cue, titles. A role's name is § in the text. A cue that names a subsection stands before the one of its whole
# section; the first that matches wins. Titles are what pages commonly write; a page's own are matched to them by words.
SUBSECTIONS: tuple[tuple[Topic, str, tuple[str, ...]], ...] = (
    (
        "goals",
        r"\b(?:first|initial)? ?(?:30|thirty)[ -]days?\b|\b(?:first|initial) (?:month|four weeks)\b",
        ("first 30 days", "30-day goals", "month one", "first month", "first four weeks"),
    ),
    (
        "goals",
        r"\bday 31\b|\b(?:first )?(?:60|sixty)[ -]days?\b|\bsecond month\b",
        ("60-day goals", "by day 60", "next 30 days", "month two", "second month", "week nine"),
    ),
    (
        "goals",
        r"\bday (?:61|90)\b|\b(?:first )?(?:90|ninety)[ -]days?\b|\bthird month\b",
        (
            "first 90 days",
            "90-day goals",
            "by day 90",
            "month three",
            "third month",
            "end of the quarter",
            "week thirteen",
        ),
    ),
    ("goals", r"\bfirst (?:quarter|three months)\b", ("90-day goals", "quarter")),
    (
        "goals",
        r"\b(?:first )?(?:six|6) (?:to|-|or) (?:twelve|12)[ -]months\b",
        ("six to twelve months", "6-month milestones", "12-month objectives", "six months", "twelve months"),
    ),
    (
        "goals",
        r"\b(?:first )?(?:6|six)[ -]months?\b|\bhalf (?:a )?year\b",
        ("6-month milestones", "six months", "half a year", "month six"),
    ),
    (
        "goals",
        r"\b(?:first|one|12|twelve)[ -](?:months?|year)\b(?! of)",
        ("12-month objectives", "within a year", "first year", "one year", "twelve months"),
    ),
    (
        "goals",
        r"\blong[ -]term (?:goals?|impact|objectives?)|\bsecond year\b",
        ("long-term impact goals", "second year", "longer term"),
    ),
    (
        "goals",
        r"\bhigh perform\w+|\bwhat does (?:good|success|great) look like",
        ("what high performance looks like", "role success definition"),
    ),
    (
        "decision_rights",
        r"(?:\bdeci(?:de|sion|ding)|\bdecsions?|\bcalls?\b|\bauthori[stz]|\bapprov|\bsign).*(?:without "
        r"(?:\w+ ){0,2}(?:ask|approv|sign|permission|consult|consent)\w*|\bindependent(?:ly)?|\balone\b|"
        r"\bby (?:them|him|her|it)sel\w+|\b(?:on|under|in|with) (?:their|his|her|its|your|my) own\b|"
        "autonomous(?:ly)?)"
        r"|(?:without (?:\w+ ){0,2}(?:ask|approv|sign|permission|consult|consent)\w*|\bindependent(?:ly)?|"
        r"\balone\b|\bby (?:them|him|her|it)sel\w+|\b(?:on|under|in|with) (?:their|his|her|its|your|my) "
        r"own\b|autonomous(?:ly)?).*(?:\bdeci(?:de|sion|ding)|\bdecsions?|\bcalls?\b|\bauthori[stz]|"
        r"\bapprov|\bsign)",
        ("decides alone", "decide independently", "free to decide", "own authority", "decisions made independently"),
    ),
    (
        "decision_rights",
        r"\b(?:outside|beyond) (?:the |§'s |\w+ ){0,3}(?:remit|authority|scope|power)|\bmay not decide"
        r"|\b(?:cannot|can't|not) (?:be )?(?:allowed to )?(?:decide|approve|own)\b|\bnot (?:responsible|accountable)\b",
        ("outside the remit", "beyond this role", "not decided here"),
    ),
    (
        "decision_rights",
        r"\b(?:executives?|board|officer|managers?|management|committee|boss|superiors?|director|vp|from "
        r"above)\b.*\b(?:approv\w*|sign\w*|before acting|rather than|sanction\w*)"
        r"|\bneeds? (?:\w+ ){0,2}(?:approval|sign-?off)|\b(?:approval|sign-?off) (?:of|from|by)\b"
        r"|\bescalat\w+ (?:to|for)|\b(?:take|taken|bring) to (?:the )?(?:executives?|board)",
        (
            "requires executive approval",
            "requires manager approval",
            "taken to executives",
            "needs approval",
            "needs sign-off",
        ),
    ),
    (
        "decision_rights",
        r"(?:\bdeci(?:de|sion|ding)|\bdecsions?|\bcalls?\b|\bauthori[stz]|\bapprov|\bsign|\bmatters|"
        r"\bthings).*\b(?:jointly|together|peers?|agreement|consensus|with others|alignment)\b",
        ("requires team alignment", "needs agreement", "jointly with peers", "shared decision", "decides with others"),
    ),
    (
        "decision_rights",
        r"\bbudget (?:authority|approval)\b|\bspending (?:authority|limit)",
        ("budget authority", "budget"),
    ),
    (
        "career_path",
        r"\bfeeders?\b|\bfeeds? (?:in)?to §|\bleads? (?:in)?to §"
        r"|\b(?:come|comes|came|coming|move|moves|promoted|recruited) (?:\w+ )?(?:from|into)\b"
        r"|\bfrom which (?:jobs|roles)",
        ("feeder roles", "where candidates come from", "prior roles", "ways in"),
    ),
    (
        "career_path",
        r"\bnext (?:\w+ )?(?:roles?|jobs?|steps?|moves?|positions?)\b"
        r"|\b(?:move|moves|moved|go|goes|grow|promoted) (?:\w+ )?(?:on|up|next|to|into)\b.*"
        r"|\b(?:move|go|grow) from (?:t?here)\b"
        r"|\bpromot\w+ to\b|\b(?:can|could|may) .*\bbecome\b|\bcareer (?:options|moves|steps)"
        r"|\bafter (?:this|being)\b",
        ("next roles", "next likely roles", "next steps", "where they go next"),
    ),
    ("career_path", r"\blateral|\badjacent (?:roles?|paths?|careers?)", ("adjacent career paths", "lateral moves")),
    ("career_path", r"\bpromotion|\bget promoted", ("skills needed for promotion", "growth within the role")),
    (
        "hiring",
        r"\bred flags?\b|\bdeal ?breakers?\b|\bdisqualif\w+|\bwarning signs?\b",
        ("red flags", "disqualifying", "reasons to stop", "warning signs"),
    ),
    (
        "hiring",
        r"\bexerci[sz]es?\b|\btake[ -]home|\bcase stud\w+|\btest(?:ed)?\b.*\binterview"
        r"|\bassignments?\b.*\b(?:interview|candidate|hir)",
        ("practical exercises", "case studies", "exercises", "suggested tests"),
    ),
    (
        "hiring",
        r"\bstrong (?:\w+ )?(?:signals?|candidates?|signs?)\b"
        r"|\b(?:good|positive|promising|encouraging) (?:signs?|signals?|evidence)",
        ("strong candidate signals", "encouraging evidence", "promising signs"),
    ),
    (
        "hiring",
        r"\bweak (?:\w+ )?(?:signals?|candidates?|signs?)\b|\bdoubtful\b",
        ("weak candidate signals", "thin evidence", "doubtful signs"),
    ),
    (
        "hiring",
        r"\b(?:assess|evaluat|look for|ask)\w*\b.*\b(?:interview|candidate)\w*|\binterview questions?"
        r"|\binterviews?\b.*\b(?:assess|evaluat|ask)\w*",
        ("what to assess in interviews", "what interviewers look for", "dimensions to examine"),
    ),
    (
        "technical_skills",
        r"\b(?:must[ -]haves?|core|critical|essential|required|mandatory|key)\b.*\b(?:technical|tech|"
        "hard) skills?",
        ("must-have technical skills", "core", "essential", "required"),
    ),
    ("technical_skills", r"\bmust[ -]haves?\b", ("must-have technical skills", "must have", "core")),
    (
        "technical_skills",
        r"\b(?:good|nice)[ -]to[ -]haves?\b|\b(?:optional|desirable|secondary)\b.*\bskills?",
        ("good-to-have technical skills", "nice to have", "supporting", "beneficial"),
    ),
    (
        "technical_skills",
        r"\b(?:advanced|expert)\b.*\bskills?",
        ("advanced or expert-level technical skills", "advanced"),
    ),
    ("technical_skills", r"\b(?:emerging|future)\b.*\bskills?", ("emerging future skills", "emerging")),
    (
        "risks",
        r"\bsafeguards?\b|\bmitigat\w+"
        r"|\b(?:prevent|avoid|guard against)\b.*\b(?:fail|risk|pitfall|trap|mistake)\w*",
        ("mitigations", "safeguards", "what helps", "countermeasures"),
    ),
    ("risks", r"\banti-?patterns?\b", ("anti-patterns",)),
    ("risks", r"\bbottlenecks?\b", ("bottlenecks",)),
    (
        "risks",
        r"\b(?:goes?|went|going|go) wrong technical\w*|\btechnical (?:risks?|pitfalls?|challenges?|traps?)",
        ("technical",),
    ),
    ("risks", r"\bbusiness risks?\b|\bineffective\b", ("business risks if this role is ineffective",)),
    (
        "risks",
        r"\b(?:underperform\w*|fails?|failing|stumbles?|struggles?|goes? wrong|pitfalls?|traps?|"
        r"mistakes?)\b(?! rate)",
        (
            "ways the role fails",
            "common traps",
            "common reasons for underperformance",
            "how the role goes wrong",
            "anti-patterns",
        ),
    ),
    (
        "activities",
        r"\bon-call day\b|\b(?:during|in) (?:an )?(?:incident|emergenc)\w*",
        ("incident work", "on-call day"),
    ),
    (
        "activities",
        r"\b(?:recurring|regular|standing) (?:meetings?|rituals?)"
        r"|\bmeetings?\b.*\b(?:attend|run|join|have)",
        ("recurring meetings or rituals", "meetings"),
    ),
    (
        "tools",
        r"\b(?:tools?|tooling|software)\b(?=.* (?:daily|weekly|(?:each|every) (?:day|week))\b)",
        (),  # all of that section: when they are used is no part of it
    ),
    (
        "activities",
        r"\b(?:normal|typical|average|usual|ordinary|each|every|a|all) day\b|\bdaily\b|\bday look",
        ("daily activities", "daily", "most days", "mornings"),
    ),
    (
        "activities",
        r"\b(?:normal|typical|average|usual|ordinary|each|every|a|the) week\b|\bweekly\b|\bweek look",
        ("weekly activities", "weekly", "each week", "through the week"),
    ),
    ("activities", r"\bmonth[ -]end\b|\bend of (?:the |a )?month", ("at month end", "month end")),
    (
        "activities",
        r"\b(?:monthly|quarterly)\b (?:activities|work|tasks|routines?|basis)"
        r"|\b(?:every|each) (?:month|quarter)\b",
        ("monthly or quarterly activities", "over a month or quarter"),
    ),
    ("stakeholders", r"\bexternal (?:stakeholders?|part\w+)", ("external stakeholders", "outside the company")),
    ("stakeholders", r"\binternal (?:stakeholders?|part\w+)", ("internal stakeholders", "inside the company")),
    ("stakeholders", r"\bpeers?(?: roles?)?\b", ("peer roles", "closest partners")),
    ("stakeholders", r"\bupstream\b", ("upstream dependencies",)),
    (
        "stakeholders",
        r"\bdownstream\b|\b(?:does|do) [\w§ -]+ serve\b|\bcustomers of\b",
        ("downstream consumers", "users served"),
    ),
    ("stakeholders", r"\bescalat\w+", ("escalation points",)),
    (
        "qualifications",
        r"\byears?\b.*\bexp[ea]r\w*|\bexp[ea]r\w*\b.*\byears?\b|\bhow long\b.*\b(?:worked|experience)\b",
        ("typical years of experience", "experience"),
    ),
    (
        "qualifications",
        r"\bdegrees?\b|\bph\.?d\b|\beducation\w*|\buniversity\b|\bbachelor\w*|\bmaster'?s\b",
        ("education expectations", "education"),
    ),
    (
        "qualifications",
        r"\bcertificat\w+|\bcertified\b|\bcredentials?\b|\bcertifications?\b",
        ("certifications", "credentials"),
    ),
    ("qualifications", r"\bdomain knowledge\b", ("domain knowledge expectations",)),
    ("qualifications", r"\b(?:leadership|management) experience\b", ("leadership experience expectations",)),
    (
        "variants",
        r"\b(?:company size|start-?ups?|enterprise|small compan\w+|large compan\w+)\b",
        ("by company size", "startup vs enterprise"),
    ),
    ("variants", r"\b(?:regulated|by industr\w+|industries)\b", ("by industry", "regulated vs non-regulated")),
    ("variants", r"\bgeograph\w+|\bcountr(?:y|ies)\b", ("by geography",)),
    (
        "ai_impact",
        r"\b(?:ai|automation|llms?|genai)\b.*\b(?:remain|stay)s?\b.*\bhuman|\bhuman-critical",
        ("tasks that remain human-critical", "what stays human"),
    ),
    (
        "ai_impact",
        r"\b(?:can|could|will|gets?|be)\b.*\bautomated (?:by ai|away)|\btasks?\b.*\bautomated\b",
        ("tasks that can be automated", "what gets automated"),
    ),
    ("ai_impact", r"\bai\b.*\balready\b.*\bchang\w*", ("shifts under way", "helpful today")),
    (
        "ai_impact",
        r"\bai\b.*\b(?:going to|will|coming|future|next)\b.*",
        ("how AI changes the role over the next years", "coming shifts"),
    ),
    (
        "responsibilities",
        r"\b(strategic|operational|technical|leadership|governance|cross-functional|people) "
        "(?:responsibilities|duties|tasks)",
        ("{0} responsibilities",),
    ),
    ("environment", r"\b(infrastructure|application|data|security) environment\b", ("{0} environment",)),
    ("environment", r"\bteam topolog\w+|\bteam structure", ("team topology",)),
)
