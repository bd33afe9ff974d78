"""Random pages for property tests: what the six input forms can all carry."""

from hypothesis import strategies as st

from tests.render import SUFFIX, Dashes, Item, Items, Page, Part, Part_of_page, Table

WORDS = [
    "release",
    "alert",
    "drift",
    "budget",
    "cluster",
    "schema",
    "review",
    "owner",
    "ledger",
    "queue",
    "rollout",
    "latency",
    "backlog",
    "audit",
    "mentor",
    "roadmap",
    "contract",
    "pipeline",
    "incident",
    "quorum",
    "runbook",
    "capacity",
    "tenant",
    "replica",
    "vendor",
    "forecast",
    "sandbox",
    "lineage",
    "cadence",
    "rota",
]
TECHNICAL = (
    "< 2 hours",
    "R&D",
    "99.9%+",
    "CI/CD",
    "C++",
    "2–5 years",
    "“paved road”",
    "(typical)",
    "p95/p99",
    "e.g., SRE",
)
LABELS = ("Description", "Use", "Importance")


@st.composite
def phrase(draw: st.DrawFn, least: int = 2, most: int = 7) -> str:
    words = draw(st.lists(st.sampled_from(WORDS), min_size=least, max_size=most))
    if draw(st.integers(0, 3)) == 0:
        words.append(draw(st.sampled_from(TECHNICAL)))
    return " ".join(words).capitalize()


@st.composite
def sentence(draw: st.DrawFn) -> str:
    return f"{draw(phrase(8, 24))} {draw(phrase(2, 6)).lower()}."


def unique(strategy: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(strategy, min_size=least, max_size=most, unique_by=str.casefold)


@st.composite
def items(draw: st.DrawFn) -> Items:
    texts = draw(unique(phrase(), 1, 6))
    start = draw(st.sampled_from([None, 1, 7]))
    plain = [Item(t) for t in texts]
    if draw(st.booleans()):
        plain.append(Item(draw(phrase()) + " covers:", tuple(draw(unique(phrase(), 1, 3)))))
    return Items(tuple(plain), start)


@st.composite
def skills(draw: st.DrawFn) -> Items:
    texts = draw(unique(phrase(), 2, 4))
    return Items(tuple(Item(t, fields=tuple((k, draw(phrase(3, 8)) + ".") for k in LABELS)) for t in texts), 1)


@st.composite
def table(draw: st.DrawFn) -> Table:
    width = draw(st.integers(2, 4))
    height = draw(st.integers(2, 5))
    return Table(tuple(tuple(draw(phrase(1, 3)) for _ in range(width)) for _ in range(height + 1)))


@st.composite
def dashes(draw: st.DrawFn) -> Dashes:
    return Dashes(draw(phrase()) + ":", tuple(draw(unique(phrase(), 2, 4))))


def parts(tables: bool) -> st.SearchStrategy[tuple[Part, ...]]:
    kinds: list[st.SearchStrategy[Part]] = [sentence(), items(), skills(), dashes()]
    if tables:
        kinds.append(table())
    # Two lists in a row are one in text: a paragraph stands between.
    return st.tuples(sentence(), st.one_of(*kinds))


@st.composite
def pages(draw: st.DrawFn, tables: bool = True, least: int = 3) -> Page:
    """A page of at least so many sections; a short one drowns in the noise of a whole web page."""
    role = "Head of " + draw(phrase(1, 2)).title()
    sections = []
    for number in range(1, draw(st.integers(least, least + 3)) + 1):
        subs = tuple(Part_of_page(f"{title} duties", (draw(items()),)) for title in draw(unique(phrase(1, 3), 0, 3)))
        sections.append(Part_of_page(f"{number}) {draw(phrase(2, 4))}", draw(parts(tables)), subs))
    return Page(role + SUFFIX, tuple(sections), "a-role")
