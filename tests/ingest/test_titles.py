import pytest

from ingest.titles import function_of, level_of, role_of, slug


@pytest.mark.parametrize(
    ("title", "role", "level", "function"),
    [
        ("MLOps Manager: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path", "MLOps Manager", "manager", "mlops"),
        ("Platform Engineering Director", "Platform Engineering Director", "director", "platform engineering"),
        ("Director of Platform Engineering", "Director of Platform Engineering", "director", "platform engineering"),
        ("Senior Site Reliability Engineer – Job Description", "Senior Site Reliability Engineer", "senior", "site reliability engineering"),
        ("Job Profile: Staff Data Engineer", "Staff Data Engineer", "staff", "data engineering"),
        ("Global Head of Platform Engineering and Cloud Engineering | Role Overview", "Global Head of Platform Engineering and Cloud Engineering", "head", "platform engineering and cloud engineering"),
        ("Senior Engineering Manager", "Senior Engineering Manager", "senior_manager", "engineering"),
        ("VP, Engineering", "VP, Engineering", "vp", "engineering"),
        ("Chief Information Security Officer", "Chief Information Security Officer", "c_level", "information security"),
        ("Principal Architect", "Principal Architect", "principal", "architecture"),
        ("FinOps Lead", "FinOps Lead", "lead", "finops"),
        ("Junior Data Analyst", "Junior Data Analyst", "junior", "data analysis"),
        ("Senior Product Manager", "Senior Product Manager", "senior", "product"),
        ("Software Developers", "Software Developers", "none", "software developers"),
        ("DevOps Intern", "DevOps Intern", "intern", "devops"),
    ],
)  # fmt: skip
def test_a_title_says_role_level_and_function(title: str, role: str, level: str, function: str) -> None:
    assert (role_of(title), level_of(role_of(title)), function_of(role_of(title))) == (role, level, function)


@pytest.mark.parametrize("title", ["Role Blueprint", "", "Head", "2024"])
def test_a_title_that_names_no_role_stays_as_it_is(title: str) -> None:
    assert role_of(title) == title


def test_near_duplicates_stay_distinct() -> None:
    assert slug("Director of SRE") != slug("Director of Site Reliability Engineering")


def test_a_slug_keeps_letters_of_any_script() -> None:
    assert slug("Leiter für Daten & KI") == "leiter-fur-daten-ki"
    assert slug("数据工程师") == "数据工程师"
    assert slug("!!!") == "untitled"
