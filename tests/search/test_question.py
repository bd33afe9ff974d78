import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asked import asked_for, heading_fit
from search.question import Question, analyse, named_roles
from search.wording import words

ROLES = ("Data Engineer", "MLOps Manager", "Senior Site Reliability Engineer", "Staff Data Engineer")
PLATFORM = (
    "DevOps Manager",
    "Director of Data Engineering",
    "Director of Machine Learning Engineering",
    "Director of Platform Engineering",
    "Director of SRE",
    "Engineering Manager",
    "FinOps Lead",
    "Head of Cloud Platform",
    "Head of DevOps",
    "Head of MLOps",
    "MLOps Manager",
    "Platform Engineering Director",
    "Senior Site Reliability Engineer",
)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("What does the MLOps Manager own?", ("MLOps Manager",)),
        ("staff data engineers and mlops managers", ("Staff Data Engineer", "MLOps Manager")),
        ("KPIs of the MLOps Manger", ("MLOps Manager",)),
        ("Is a data engineer like a staff data engineer?", ("Data Engineer", "Staff Data Engineer")),
        ("Who engineers data?", ()),
        ("", ()),
    ],
)
def test_roles_are_found_as_people_write_them(text, roles):
    assert named_roles(text, ROLES) == roles


@pytest.mark.parametrize(
    ("text", "kind", "topic"),
    [
        ("Which roles own drift monitoring?", "owners", None),
        ("Who is accountable for incident command?", "owners", None),
        ("What are the KPIs of the MLOps Manager?", "section", "kpis"),
        ("What can the Data Engineer decide alone?", "section", "decision_rights"),
        ("Does the Data Engineer need a degree?", "fact", "qualifications"),
        ("Compare the Data Engineer and the MLOps Manager on tools", "compare", "tools"),
        ("Data Engineer vs Staff Data Engineer", "compare", None),
        ("Which roles do similar work to running releases?", "similar", None),
        ("How often does the Data Engineer meet with the MLOps Manager?", "fact", "stakeholders"),
        ("Who owns backfills, the Data Engineer or the MLOps Manager?", "owners", None),
    ],
)
def test_a_question_has_a_kind_and_a_topic(text, kind, topic):
    understood = analyse(text, (), ROLES)
    assert (understood.kind, understood.topic) == (kind, topic)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("kpis", "Which KPIs does the Director of Platform Engineering have?"),
        ("kpis", "kpis mlops manager"),
        ("kpis", "How is success measured for a Head of MLOps?"),
        ("kpis", "Show me the metrics for the DevOps Manager"),
        ("kpis", "By which indicators is the Director of SRE judged?"),
        ("tools", "What tools do MLOps managers use?"),
        ("tools", "Tooling of the Head of DevOps"),
        ("goals", "What are the 30-60-90 day goals for the MLOps Manager?"),
        ("goals", "12-month objectives of the Head of MLOps"),
        ("goals", "What does the first 90 days look like for a Director of Machine Learning Engineering?"),
        ("hiring", "What should I look for when interviewing an MLOps Manager?"),
        ("hiring", "What are strong candidate signals for the MLE director?"),
        ("hiring", "Warning signs in interviews for the Head of MLOps"),
        ("career_path", "What are the feeder roles for the Head of MLOps?"),
        ("career_path", "What can an MLOps Manager become next?"),
        ("career_path", "Which roles lead to Head of MLOps?"),
        ("career_path", "Where do MLOps Managers usually come from?"),
        ("decision_rights", "What can the MLOps Manager decide independently?"),
        ("decision_rights", "Which decisions of the Head of MLOps need executive approval?"),
        ("decision_rights", "What is the budget authority of the Director of Machine Learning Engineering?"),
        ("decision_rights", "What decision rights does the MLE director have?"),
        ("risks", "What are the anti-patterns for an MLOps Manager?"),
        ("risks", "Why do Heads of MLOps underperform?"),
        ("risks", "What are the common challenges of a Platform Engineering Director?"),
        ("risks", "What business risks arise if the Head of MLOps is ineffective?"),
        ("stakeholders", "Who are the internal stakeholders of the MLOps Manager?"),
        ("stakeholders", "Who does the Head of MLOps work with?"),
        ("stakeholders", "Which teams does the MLOps Manager collaborate with?"),
        ("stakeholders", "Who are the peers of the MLOps Manager?"),
        ("responsibilities", "What are the responsibilities of the MLOps Manager?"),
        ("responsibilities", "What is the Head of MLOps responsible for?"),
        ("responsibilities", "What does an MLOps Manager do?"),
        ("responsibilities", "List the strategic responsibilities of the Head of MLOps"),
        ("technical_skills", "Must-have skills for a Director of Machine Learning Engineering"),
        ("technical_skills", "What technical skills does the MLOps Manager need?"),
        ("technical_skills", "Which nice-to-have skills are listed for the Head of MLOps?"),
        ("soft_skills", "Soft skills of the Platform Engineering Director?"),
        ("qualifications", "What qualifications does the MLOps Manager need?"),
        ("qualifications", "Which certifications are listed for the MLOps Manager?"),
        ("ai_impact", "How will AI affect the MLOps Manager?"),
        ("ai_impact", "Which tasks of the Head of MLOps can be automated?"),
        ("variants", "How does the Head of MLOps role vary by company size?"),
        ("mission", "What is the mission of the Head of MLOps?"),
        ("summary", "Give me an overview of the Head of MLOps role"),
        ("summary", "Summarise the MLOps Manager"),
        ("summary", "What is a Head of MLOps?"),
        ("activities", "What does an MLOps Manager do every day?"),
        ("tools", "Which tools does an MLOps Manager use every day?"),
        ("activities", "Describe a typical week of the Head of MLOps"),
        ("deliverables", "What deliverables does the Director of Machine Learning Engineering own?"),
        ("environment", "What does the tech stack of the Head of MLOps look like?"),
        ("scorecard", "Show the scorecard of the MLOps Manager"),
    ],
)
def test_a_part_of_a_page_is_asked_for_in_many_ways(topic, text):
    understood = analyse(text, (), PLATFORM)
    assert (understood.kind, understood.topic) == ("section", topic)
    assert understood.roles


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("fact", "How many direct reports does the Head of MLOps have?"),
        ("fact", "What is the job grade of the Head of MLOps?"),
        ("fact", "Does the MLOps Manager need a degree?"),
        ("fact", "Is the MLOps Manager on call?"),
        ("fact", "What is the target for deployment frequency for the MLOps Manager?"),
        ("fact", "Who does the Director of Machine Learning Engineering report to?"),
        ("fact", "Which tools does the Head of MLOps use for experiment tracking?"),
        ("fact", "What is the salary range of the Platform Engineering Director?"),
        ("fact", "How often is model cost reviewed by the Head of MLOps?"),
        ("fact", "Can the MLOps Manager approve vendor contracts?"),
        ("fact", "What is the target MTTR of the MLOps Manager?"),
        ("fact", "What's the alert quality index target?"),
        ("fact", "years of experience head of mlops"),
        ("fact", "What programming languages should an MLOps Manager know?"),
        ("fact", "what does the MLOps Manager do about data drift?"),
        ("fact", "When should the Head of MLOps escalate an incident?"),
        ("fact", "Which cloud providers does the MLOps Manager work with?"),
        ("fact", "What is the time to detect drift supposed to be?"),
        ("fact", "Why does the MLOps Manager care about feature stores?"),
        ("fact", "How does the Head of MLOps measure platform adoption?"),
        ("fact", "Is Kubernetes required for the MLOps Manager?"),
        ("owners", "Who owns model registry?"),
        ("owners", "Which roles own the on-call rotation?"),
        ("owners", "Who approves production model deployments"),
        ("owners", "Which role is accountable for platform adoption?"),
        ("owners", "who's responsible for vendor management"),
        ("owners", "Which roles do NOT own incident response?"),
        ("owners", "Who is in charge of cost optimisation and FinOps?"),
        ("owners", "Who runs postmortems?"),
        ("owners", "Name the roles that decide on the tech stack"),
        ("owners", "Which leaders own the ML roadmap?"),
        ("owners", "Which directors own hiring?"),
        ("owners", "Which data engineering roles own data quality?"),
        ("owners", "List all roles responsible for security of ML workloads"),
        ("owners", "Is anyone responsible for model cards?"),
        ("owners", "owner of the feature store"),
        ("owners", "Who has the final say on model rollback?"),
        ("owners", "Who should I talk to about GPU capacity?"),
        ("owners", "Which roles use Terraform?"),
        ("owners", "Does any role own data lineage?"),
        ("owners", "Whose job is it to maintain runbooks?"),
        ("owners", "Who gets paged when drift alerts fire?"),
        ("owners", "who do I ask for a new cluster?"),
        ("owners", "Which of the Head of MLOps and the MLOps Manager owns the feature store?"),
        ("owners", "Who handles incidents and who handles postmortems?"),
        ("compare", "Compare the KPIs of the MLOps Manager and the Head of MLOps"),
        ("compare", "What is the difference between the Head of MLOps and the MLOps Manager?"),
        ("compare", "MLOps Manager vs Head of MLOps: decision rights"),
        (
            "compare",
            "Which skills do the Head of MLOps and the Director of Machine Learning Engineering have in common?",
        ),
        ("compare", "How does the MLOps Manager's budget authority compare to that of the Head of MLOps?"),
        ("compare", "Who needs more experience, the MLOps Manager or the Head of MLOps?"),
        ("compare", "Do the Head of MLOps and the MLOps Manager use the same tools?"),
        ("compare", "Differences in scope: MLE director, Head of MLOps and MLOps Manager"),
        ("compare", "what separates a head of mlops from an mlops manager"),
        ("similar", "Establish SLOs for inference services and report attainment monthly"),
        ("similar", 'Which roles have responsibilities similar to "own the paved road"?'),
        ("similar", "Find responsibilities like: define drift thresholds with product teams"),
        ("similar", "Manages vendor relationships and negotiates contracts for platform tooling"),
        ("similar", "Responsible for the quality of training data and for its documentation."),
        ("similar", "Who else does capacity planning like the Head of MLOps?"),
        ("similar", "What other roles do something like incident command?"),
        ("similar", "Mentor engineers and run hiring loops for the ML platform team"),
        ("none", "Thanks!"),
        ("none", "hello"),
        ("none", "thank you, that helps a lot"),
        ("none", "who are you?"),
        ("none", "ok great"),
        ("none", "Hi there, how are you?"),
    ],
)
def test_the_other_kinds_are_asked_in_many_ways(kind, text):
    assert analyse(text, (), PLATFORM).kind == kind


@pytest.mark.parametrize(
    ("text", "title", "other"),
    [
        ("first 90 days of the MLOps Manager", "90-day goals (deliver repeatable capability)", "30-day goals"),
        ("What are the red flags for the MLOps Manager?", "Red flags", "Strong candidate signals"),
        ("feeder roles of the MLOps Manager", "Common feeder roles into this role", "Next likely roles"),
        ("What can the MLOps Manager decide alone?", "Can decide independently", "Requires executive approval"),
        ("must-have skills of the MLOps Manager", "Must-have technical skills", "Good-to-have technical skills"),
        ("strategic responsibilities of the MLOps Manager", "Strategic responsibilities", "Technical responsibilities"),
    ],
)
def test_a_subsection_is_known_by_its_title(text, title, other):
    heading = analyse(text, (), PLATFORM).heading
    assert heading_fit(title, heading) == 1.0
    assert heading_fit(other, heading) < 1.0


def test_a_whole_section_has_no_heading():
    asked = asked_for("which kpis does § have")
    assert asked is not None
    assert (asked.topic, asked.heading) == ("kpis", ())
    assert heading_fit("KPIs", ()) == 0.0


@pytest.mark.parametrize(
    ("text", "matter", "verbs", "negated"),
    [
        ("Which roles own drift monitoring?", "drift monitoring", ("own",), False),
        ("Which roles do NOT own incident response?", "incident response", ("own",), True),
        ("Who isn't responsible for model cards?", "model cards", ("own",), True),
        ("Who has the final say on model rollback?", "model rollback", ("decide",), False),
        ("Who runs the on-call rotation?", "on-call rotation", ("run",), False),
        ("who signs off tier-1 releases", "tier-1 releases", ("approve",), False),
        ("Which roles co-own data contracts?", "data contracts", ("share",), False),
        ("List all roles responsible for security of ML workloads", "security of ML workloads", ("own",), False),
        ("Who actually right-sizes workloads (not just reports on them)?", "right-sizes workloads", (), False),
    ],
)
def test_an_ownership_question_has_a_matter_a_verb_and_a_sign(text, matter, verbs, negated):
    understood = analyse(text, (), PLATFORM)
    assert understood.kind == "owners"
    assert understood.matter.startswith(matter)
    assert set(verbs) <= set(understood.verbs)
    assert understood.negated is negated


def test_levels_and_functions_narrow_the_roles_asked_for():
    assert analyse("Which directors own hiring?", (), PLATFORM).levels == ("director",)
    assert analyse("Who leads data incidents?", (), PLATFORM).levels == ()
    asked = analyse("Which data engineering roles own data quality?", (), PLATFORM)
    assert (asked.functions, asked.matter) == (("data engineering",), "data quality")


def test_the_roles_of_a_choice_are_the_roles_asked_about_and_those_of_the_matter_are_not():
    chosen = analyse("Which of the Head of MLOps and the MLOps Manager owns the feature store?", (), PLATFORM)
    assert (chosen.roles, chosen.matter) == (("Head of MLOps", "MLOps Manager"), "feature store")
    assert analyse("Who hires site reliability engineers?", (), PLATFORM).roles == ()


def test_a_role_that_is_not_in_the_catalogue_is_told_with_near_names():
    understood = analyse("What are the KPIs of the Chief Revenue Officer?", (), PLATFORM)
    assert (understood.kind, understood.roles, understood.topic) == ("section", (), "kpis")
    assert [role.name for role in understood.unknown] == ["Chief Revenue Officer"]
    near = analyse("Tools of the Director of DevOps", (), PLATFORM).unknown[0]
    assert (near.name, near.near[0]) == ("Director of DevOps", "Head of DevOps")


A_MANAGER = ("What are the KPIs of the MLOps Manager?",)
OWNS = ("Which roles own drift monitoring?",)
TWO = ("Compare the MLOps Manager with the FinOps Lead.",)
BOTH = ("MLOps Manager", "FinOps Lead")


@pytest.mark.parametrize(
    ("history", "text", "kind", "roles", "topic", "matter"),
    [
        (A_MANAGER, "And for the Head?", "section", ("Head of MLOps",), "kpis", ""),
        (A_MANAGER, "and the director?", "section", ("Director of Machine Learning Engineering",), "kpis", ""),
        (A_MANAGER, "what about cost?", "fact", ("MLOps Manager",), "kpis", "cost"),
        (A_MANAGER, "and its tools?", "section", ("MLOps Manager",), "tools", ""),
        (A_MANAGER, "Ok, and the decision rights?", "section", ("MLOps Manager",), "decision_rights", ""),
        (A_MANAGER, "And what are the main deliverables?", "section", ("MLOps Manager",), "deliverables", ""),
        (A_MANAGER, "Which tools should I know?", "section", ("MLOps Manager",), "tools", ""),
        (A_MANAGER, "How do you hire one?", "section", ("MLOps Manager",), "hiring", ""),
        (A_MANAGER, "What else are they responsible for?", "section", ("MLOps Manager",), "responsibilities", ""),
        (A_MANAGER, "Does it own the feature store?", "fact", ("MLOps Manager",), None, "feature store"),
        (A_MANAGER, "Same question for the Head of MLOps", "section", ("Head of MLOps",), "kpis", ""),
        (A_MANAGER, "Now the same for the FinOps Lead", "section", ("FinOps Lead",), "kpis", ""),
        (TWO, "Which of them has more experience?", "compare", BOTH, "qualifications", "experience"),
        (TWO, "And their tools?", "compare", BOTH, "tools", ""),
        (TWO, "What are the goals of the lead?", "section", ("FinOps Lead",), "goals", ""),
        (A_MANAGER, "And how do they compare with those of the FinOps Lead?", "compare", BOTH, "kpis", ""),
        ((*A_MANAGER, "What is the weather?"), "And its tools?", "section", ("MLOps Manager",), "tools", ""),
        (A_MANAGER, "tools", "section", ("MLOps Manager",), "tools", ""),
        (A_MANAGER, "Who does this role report to?", "fact", ("MLOps Manager",), "stakeholders", ""),
        (A_MANAGER, "Which of them relate to cost?", "fact", ("MLOps Manager",), "kpis", "relate to cost"),
        (A_MANAGER, "And what does it need?", "section", ("MLOps Manager",), "qualifications", ""),
        (A_MANAGER, "Similar roles?", "similar", ("MLOps Manager",), None, ""),
        (A_MANAGER, "Which roles are like it?", "similar", ("MLOps Manager",), None, ""),
        (TWO, "What are the tools of the second one?", "section", ("FinOps Lead",), "tools", ""),
        (TWO, "And the KPIs of the former?", "section", ("MLOps Manager",), "kpis", ""),
        (A_MANAGER, "Compare it with the Head of MLOps", "compare", ("MLOps Manager", "Head of MLOps"), None, ""),
        (A_MANAGER, "Who owns the feature store?", "owners", (), None, "feature store"),
        (A_MANAGER, "thanks", "none", (), None, ""),
        ((*A_MANAGER, "thanks"), "and its tools?", "section", ("MLOps Manager",), "tools", ""),
        ((*A_MANAGER, "and for the Head?"), "and its tools?", "section", ("Head of MLOps",), "tools", ""),
        (OWNS, "and incident response?", "owners", (), None, "incident response"),
        (OWNS, "who approves it?", "owners", (), None, "drift monitoring"),
        (OWNS, "Who pays for it?", "owners", (), None, "pays drift monitoring"),
        (OWNS, "No, I meant data contracts: who owns them?", "owners", (), None, "data contracts"),
        (OWNS, "Which roles need SQL?", "owners", (), None, "SQL"),
        (OWNS, "What about the FinOps Lead?", "owners", ("FinOps Lead",), None, "drift monitoring"),
        (OWNS, "Does the Head of MLOps?", "owners", ("Head of MLOps",), None, "drift monitoring"),
    ],
)
def test_a_follow_up_takes_what_it_leaves_unsaid_from_before(history, text, kind, roles, topic, matter):
    understood = analyse(text, history, PLATFORM)
    assert (understood.kind, understood.roles, understood.topic) == (kind, roles, topic)
    assert understood.matter == matter


def test_a_follow_up_is_searched_for_with_what_it_means():
    understood = analyse("who approves it?", OWNS, PLATFORM)
    assert understood.query == "who approves it? drift monitoring"
    assert (understood.carried, understood.verbs) == (("matter",), ("approve",))


def test_a_level_alone_narrows_the_part_spoken_of_where_no_role_has_it():
    understood = analyse("And for the director level?", ("KPIs of the Ledger Keeper?",), ("Ledger Keeper", "Payroll"))
    assert (understood.kind, understood.roles, understood.topic) == ("section", ("Ledger Keeper",), "kpis")


def test_what_roles_need_is_asked_on_in_the_same_sense():
    assert analyse("And Python?", ("Which roles need SQL?",), PLATFORM).verbs == ("need",)
    assert analyse("And who owns Python?", ("Which roles need SQL?",), PLATFORM).verbs == ("own",)


def test_a_follow_up_means_the_role_that_was_last_named():
    history = ("Tell me of the Data Engineer", "What are the KPIs of the MLOps Manager?", "Thanks")
    understood = analyse("And its tools?", history, ROLES)
    assert (understood.roles, understood.query) == (("MLOps Manager",), "And its tools? MLOps Manager")
    assert analyse("And the tools of the Data Engineer?", history, ROLES).roles == ("Data Engineer",)
    assert analyse("Which roles own drift monitoring?", history, ROLES).roles == ()


@pytest.mark.parametrize(
    ("text", "kind", "roles", "topic"),
    [
        ("What are the KPIs of that role?", "section", ("MLOps Manager",), "kpis"),
        ("What are their KPIs?", "compare", BOTH, "kpis"),
        ("What are the KPIs of the second one?", "section", ("FinOps Lead",), "kpis"),
        ("Which roles are like the last one?", "similar", ("FinOps Lead",), None),
        ("What tools does the first role use?", "section", ("MLOps Manager",), "tools"),
        ("Tell me more about this role.", "section", ("MLOps Manager",), "summary"),
        ("Who pays for it?", "owners", (), None),
        ("How often is it run?", "fact", (), None),
        ("KPIs of the Head of MLOps", "section", ("Head of MLOps",), "kpis"),
    ],
)
def test_that_role_is_the_one_that_the_answer_told_of(text, kind, roles, topic):
    asked = []

    def told(earlier):
        asked.append(earlier.matter)
        return BOTH

    understood = analyse(text, OWNS, PLATFORM, told)
    assert (understood.kind, understood.roles, understood.topic) == (kind, roles, topic)
    assert asked == (["drift monitoring"] if roles and "Head" not in text else [])
    later = analyse("And its goals?", (*OWNS, text), PLATFORM, told)
    assert (later.roles[:1], later.topic) == (roles[:1] or BOTH[:1], "goals")


def test_who_presents_himself_by_a_role_means_it():
    understood = analyse("I'm applying for FinOps Lead. What are the KPIs?", (), PLATFORM)
    assert (understood.kind, understood.roles, understood.topic, understood.matter) == (
        "section",
        ("FinOps Lead",),
        "kpis",
        "",
    )


def test_an_explanation_tells_only_what_was_understood():
    assert analyse("hello", (), PLATFORM).explain() == {"text": "hello", "query": "hello", "kind": "none"}
    told = analyse("KPIs of the Chief Revenue Officer", (), PLATFORM).explain()
    assert told["unknown"] == [{"name": "Chief Revenue Officer", "near": []}]
    assert analyse("Which roles own drift monitoring?", (), ()).explain()["verbs"] == ["own"]


@given(st.text(max_size=200), st.lists(st.text(max_size=60), max_size=2))
def test_any_text_is_understood_without_an_error(text, history):
    understood = analyse(text, history, PLATFORM)
    assert isinstance(understood, Question)
    assert set(understood.roles) <= set(PLATFORM)


@pytest.mark.parametrize("text", ["data manager of the " * 400, "zxq " * 2000, "who " * 2000, "(" * 8000])
def test_a_long_text_is_understood_too(text):
    assert analyse(text, (), PLATFORM).text == text


def test_words_stand_where_they_say():
    text = "The lead's ML-platform, “Ops”"
    assert [text[word.start : word.end] for word in words(text)] == ["The", "lead's", "ML", "platform", "Ops"]
    assert [word.text for word in words(text)] == ["the", "lead", "ml", "platform", "ops"]


def of_matter(text: str, history: tuple[str, ...] = ()) -> tuple[str, str]:
    read = analyse(text, history, PLATFORM)
    return read.kind, read.matter


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("Hi all, quick question: who owns chaos drills?", "chaos drills"),
        ("Sorry to bother you again, but who owns chaos drills?", "chaos drills"),
        ("hello who owns chaos drills?", "chaos drills"),
        ("We had a bad night. Who owns chaos drills?", "chaos drills"),
        ("I was told to ask here, who owns chaos drills?", "chaos drills"),
        ("Chaos drills, who runs them?", "Chaos drills"),
        ("Chaos drills: who sets the dates?", "Chaos drills dates"),
    ],
)
def test_the_matter_of_a_question_for_roles_begins_after_what_only_leads_up_to_it(text, matter):
    assert of_matter(text) == ("owners", matter)


@pytest.mark.parametrize(
    "text",
    [
        "Head of MLOps: who's the boss?",
        "Head of MLOps - reports to whom?",
        "FinOps Lead, who is the line manager?",
        "FinOps Lead: to whom does this person report?",
    ],
)
def test_a_role_before_who_is_the_subject_of_a_question_for_its_superior(text):
    read = analyse(text, (), PLATFORM)
    assert read.kind == "fact"
    assert read.roles in (("Head of MLOps",), ("FinOps Lead",))


def test_roles_before_who_are_the_ones_to_choose_from():
    read = analyse("FinOps Lead, Head of MLOps: who owns the budget?", (), PLATFORM)
    assert (read.kind, read.roles, read.matter) == ("owners", ("FinOps Lead", "Head of MLOps"), "budget")


def test_who_does_what_is_a_comparison():
    read = analyse("FinOps Lead, Head of MLOps and DevOps Manager: who does what about backups?", (), PLATFORM)
    assert (read.kind, read.roles, read.matter) == (
        "compare",
        ("FinOps Lead", "Head of MLOps", "DevOps Manager"),
        "backups",
    )


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Who's on the hook for late invoices?", "own"),
        ("Who is the go-to for late invoices?", "own"),
        ("Who answers for late invoices?", "own"),
        ("Who has the last word on late invoices?", "decide"),
        ("Who calls the shots on late invoices?", "decide"),
        ("Who holds the pen on late invoices?", "make"),
    ],
)
def test_a_saying_is_the_frame_and_no_matter(text, verb):
    read = analyse(text, (), PLATFORM)
    assert (read.kind, read.matter, read.verbs[0]) == ("owners", "late invoices", verb)


@pytest.mark.parametrize(
    ("text", "matter", "negated"),
    [
        ("Which roles do not get a say in late invoices?", "late invoices", True),
        ("Which roles have no vote on late invoices?", "late invoices", True),
        ("Who plays no part in late invoices?", "late invoices", True),
        ("Which roles can't touch late invoices?", "touch late invoices", True),
        ("Who isn't allowed to approve late invoices?", "late invoices", True),
        ("Who decides when an invoice is not approved?", "invoice is not approved", False),
    ],
)
def test_that_a_role_has_no_part_in_a_matter_may_be_said_in_any_verb(text, matter, negated):
    read = analyse(text, (), PLATFORM)
    assert (read.matter, read.negated) == (matter, negated)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How does the DevOps Manager judge the behaviour of queues?", None),
        ("What share of costs goes to storage?", None),
        ("Which behaviour does the DevOps Manager need?", "soft_skills"),
    ],
)
def test_a_word_of_the_matter_is_no_part_of_a_page(text, topic):
    assert analyse(text, (), PLATFORM).topic == topic


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("KPIs and tools of the FinOps Lead", [("kpis", "kpis"), ("tools", "tools")]),
        (
            "technical and soft skills of the FinOps Lead",
            [("technical_skills", "technical"), ("soft_skills", "soft skills")],
        ),
        ("weak and strong signals for a FinOps Lead", [("hiring", "weak"), ("hiring", "strong signals")]),
        ("tools and salary of the FinOps Lead", [("tools", "tools"), ("compensation", "salary")]),
        ("duties and responsibilities of the FinOps Lead", []),
        ("KPIs on cost and tagging of the FinOps Lead", []),
    ],
)
def test_parts_of_a_page_in_a_row_are_all_asked_for(text, parts):
    assert [(part.topic, part.said) for part in analyse(text, (), PLATFORM).parts] == parts


def test_a_thing_itself_belongs_to_the_matter_before():
    assert of_matter("And who runs the store itself?", ("Who owns the secrets policy?",)) == ("owners", "secrets store")
