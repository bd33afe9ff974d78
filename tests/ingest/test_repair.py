from ingest.elements import Element
from ingest.repair import parents, repair


def listed(*texts: str, bold: tuple[int, ...] = ()) -> list[Element]:
    return [Element("item", t, group=1, bold=i in bold) for i, t in enumerate(texts)]


def shape(elements: tuple[Element, ...]) -> list[tuple[str, int, str]]:
    return [(e.kind, e.depth, e.text) for e in elements]


def test_an_item_that_ends_in_a_colon_is_the_parent_of_the_items_after_it() -> None:
    assert shape(repair(listed("Plan the week", "Review:", "open alerts", "spend"))) == [
        ("item", 1, "Plan the week"),
        ("item", 1, "Review:"),
        ("item", 2, "open alerts"),
        ("item", 2, "spend"),
    ]


def test_children_end_where_a_full_sentence_follows_phrases() -> None:
    found = shape(repair(listed("Review:", "open alerts", "spend", "Write the weekly letter.")))
    assert [depth for _, depth, _ in found] == [1, 2, 2, 1]


def test_a_bold_item_is_a_parent_unless_all_are_bold() -> None:
    assert [e.depth for e in repair(listed("Startup", "hands on", "Enterprise", "audits", bold=(0, 2)))] == [1, 2, 1, 2]
    assert [e.depth for e in repair(listed("Startup", "Enterprise", bold=(0, 1)))] == [1, 1]


def test_a_list_that_kept_its_nesting_is_left_alone() -> None:
    nested = [
        Element("item", "Review:", group=1),
        Element("item", "alerts", depth=2, group=1),
        Element("item", "Plan", group=1),
    ]
    assert [e.depth for e in repair(nested)] == [1, 2, 1]


def test_dash_led_lines_become_fields_if_labelled_and_items_if_not() -> None:
    item = Element("item", "Python\n   – Use: pipelines\n   – Importance: Critical", group=1, number=3)
    assert shape(repair([item])) == [
        ("item", 1, "Python"),
        ("field", 2, "Use: pipelines"),
        ("field", 2, "Importance: Critical"),
    ]
    assert [e.label for e in repair([item])] == [None, "Use", "Importance"]
    paragraph = Element("paragraph", "Outcomes:\n– faster releases\n– fewer pages\n  – at night")
    assert shape(repair([paragraph])) == [
        ("paragraph", 1, "Outcomes:"),
        ("item", 1, "faster releases"),
        ("item", 1, "fewer pages"),
        ("item", 2, "at night"),
    ]


def test_a_dash_list_that_was_flattened_to_one_line_is_parted() -> None:
    assert len(repair([Element("paragraph", "Teams include: – Data – Security – Product")])) == 4


def test_a_dash_between_words_or_numbers_is_no_list() -> None:
    for text in ("2–5 years of practice", "The platform – our largest – is old.", "Monday – Friday"):
        assert [e.text for e in repair([Element("paragraph", text)])] == [text]


def test_a_label_that_comes_back_under_another_parent_is_a_field() -> None:
    skills = [
        Element("item", "Go", group=1),
        Element("item", "Use: services", depth=2, group=1),
        Element("item", "SQL", group=1),
        Element("item", "Use: reports", depth=2, group=1),
        Element("item", "Note: see below", depth=2, group=1),
    ]
    assert [e.kind for e in repair(skills)] == ["item", "field", "item", "field", "item"]


def test_parents_are_the_nearest_shallower_ones() -> None:
    assert parents([1, 2, 3, 2, 1, 2]) == [None, 0, 1, 0, None, 4]
