from dataclasses import replace

import pytest

from ingest.errors import BadQuery
from search.matrix import matrix
from tests.search.conftest import DRIFT, library_of, two_topics


def test_every_filled_cell_has_a_verbatim_quote_and_the_rest_is_unknown(library):
    found = matrix(library, ["drift monitoring for production models"])
    cells = {row.role: row.cells["drift monitoring for production models"] for row in found.rows}
    assert cells["MLOps Manager"].relation == "owner"
    assert cells["MLOps Manager"].citations[0].quote == DRIFT
    for cell in cells.values():
        assert bool(cell.citations) == (cell.relation != "unknown")
        assert all(citation.verification == "verbatim" for citation in cell.citations)


def test_asked_for_roles_have_a_row_even_where_nothing_is_said(library):
    found = matrix(library, ["parental leave"], ["Data Engineer"])
    assert [(row.role, row.cells["parental leave"].relation) for row in found.rows] == [("Data Engineer", "unknown")]
    assert found.conflicts == ()


def test_no_matter_is_refused(library):
    with pytest.raises(BadQuery):
        matrix(library, [])


def test_a_role_of_two_pages_has_one_row():
    page = two_topics("Ledger Lead", ("Own invoice matching", "Close the books"), ())
    again = replace(page, blueprint_id="ledger-lead@elsewhere.org", url="https://elsewhere.org/ledger-lead/")
    found = matrix(library_of(page, again), ["invoice matching"])
    assert [(row.role, row.cells["invoice matching"].relation) for row in found.rows] == [("Ledger Lead", "owner")]


def test_a_role_whose_page_leaves_the_matter_to_another_reads_so_though_others_come_nearer():
    library = library_of(
        two_topics("Ledger Lead", ("Own invoice matching for all ledgers",), ()),
        two_topics("Fraud Lead", ("Own invoice matching of blocked accounts",), ()),
        two_topics("Tax Director", ("Send tax codes to the Ledger team, which owns invoice matching of old ones",), ()),
    )
    cells = {row.role: row.cells["invoice matching"].relation for row in matrix(library, ["invoice matching"]).rows}
    assert cells == {"Ledger Lead": "owner", "Fraud Lead": "owner", "Tax Director": "other"}
