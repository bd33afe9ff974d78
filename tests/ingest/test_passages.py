from ingest.elements import Draft, Element
from ingest.outline import outline
from ingest.passages import PASSAGE_LIMIT, passages


def test_a_passage_knows_its_headings_and_its_parent() -> None:
    page = Draft(
        "Data Lead: Role Blueprint, Skills",
        (
            Element("heading", "3) Core Responsibilities", level=2),
            Element("heading", "Operations", level=3),
            Element("item", "Run reviews:", group=1),
            Element("item", "of incidents", group=1),
            Element("heading", "8) Technical Skills Required", level=2),
            Element("item", "SQL\n– Use: reports\n– Importance: Critical", group=2),
            Element("row", "Cost | Monthly", cells=("Cost", "Monthly"), group=3),
        ),
    )
    found = passages(outline(page))
    assert [(p.path, p.text) for p in found] == [
        (("3) Core Responsibilities", "Operations"), "Run reviews:"),
        (("3) Core Responsibilities", "Operations", "Run reviews:"), "of incidents"),
        (("8) Technical Skills Required",), "SQL"),
        (("8) Technical Skills Required", "SQL"), "Use: reports\n  - Importance: Critical"),
        (("8) Technical Skills Required",), "Cost | Monthly"),
    ]
    assert [p.topic for p in found] == ["responsibilities"] * 2 + ["technical_skills"] * 3
    assert {p.role for p in found} == {"Data Lead"}


def test_an_id_is_made_of_path_and_text_alone() -> None:
    def of(*texts: str) -> list[str]:
        return [
            p.passage_id for p in passages(outline(Draft("Data Lead", tuple(Element("paragraph", t) for t in texts))))
        ]

    assert of("one", "two")[1] == of("zero", "two", "three")[1]
    assert of("one")[0].startswith("data-lead#")
    again = of("same", "same")
    assert again[0] != again[1]


def test_a_long_text_is_cut_at_sentences_and_nothing_is_lost() -> None:
    long = " ".join(f"Sentence number {n} says something about the matter." for n in range(60))
    blueprint = outline(Draft("Data Lead", (Element("paragraph", long),)))
    found = passages(blueprint)
    assert all(len(p.text) <= PASSAGE_LIMIT for p in found)
    assert all(blueprint.text[p.start : p.end] == p.text for p in found)
    assert " ".join(p.text for p in found) == long


def test_the_canonical_text_shows_numbers_nesting_and_tables() -> None:
    blueprint = outline(
        Draft(
            "Data Lead",
            (
                Element("heading", "1) Duties", level=2),
                Element("item", "Review", number=7, group=1),
                Element("item", "alerts", depth=2, group=1),
                Element("row", "KPI | Target", cells=("KPI", "Target"), header=True, group=2),
                Element("row", "MTTR | < 2 h", cells=("MTTR", "< 2 h"), group=2),
            ),
        )
    )
    assert (
        blueprint.text
        == "# Data Lead\n\n## 1) Duties\n\n7. Review\n  - alerts\n\n| KPI | Target |\n| --- | --- |\n| MTTR | < 2 h |\n"
    )
