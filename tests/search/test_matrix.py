import pytest

from ingest.errors import BadQuery
from search.matrix import matrix
from tests.search.conftest import DRIFT


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
