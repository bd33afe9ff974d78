"""Questions in; ranked passages, roles and answers with checked citations out."""

from search.answer import Answer, Claim, Standing, ask
from search.citations import Citation, deep_link, verify
from search.retrieve import Filters, Hit, RoleHits, group_by_role, retrieve, retrieve_roles

__all__ = [
    "Answer",
    "Citation",
    "Claim",
    "Filters",
    "Hit",
    "RoleHits",
    "Standing",
    "ask",
    "deep_link",
    "group_by_role",
    "retrieve",
    "retrieve_roles",
    "verify",
]
