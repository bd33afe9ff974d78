"""Every error that Rolebook raises on purpose. Each message says what, where, and what to do.

RolebookError
├── BadInput                a caller's mistake (exit code 2, HTTP 4xx)
│   ├── UnreadablePage      a page that holds nothing readable: empty, binary, truncated JSON, no text
│   ├── UnknownName         a role, topic, level, source or passage that is not there
│   └── BadQuery            an empty question, k out of range
├── StoreError              the index on disk (exit code 1, HTTP 503)
│   ├── NoIndex             nothing was built yet
│   ├── DamagedIndex        a file is missing or differs from its manifest
│   ├── StoreAway           a database that does not answer, or takes no writes, now
│   └── ModelMismatch       the index was built with another encoder or format
├── ModelError              an encoder's files are missing or differ from their hash
└── FetchError              an address could not be read
    ├── ForbiddenAddress    a host on a private, loopback, link-local or reserved address
    ├── Unreachable         a site that does not answer or asks to be left alone for now
    └── BudgetSpent         a run has read as much as it may
"""


class RolebookError(Exception):
    """Base of all errors that Rolebook raises on purpose."""


class BadInput(RolebookError):
    """The caller gave something that cannot be used."""


class UnreadablePage(BadInput):
    """A page that holds nothing readable."""


class UnknownName(BadInput):
    """A name that the index does not hold; the message proposes near ones."""


class BadQuery(BadInput):
    """A question or parameter that cannot be searched for."""


class StoreError(RolebookError):
    """The index on disk cannot be used as it is."""


class NoIndex(StoreError):
    """Nothing was built yet."""


class DamagedIndex(StoreError):
    """A file of the index is missing or differs from its manifest."""


class StoreAway(StoreError):
    """A database that does not answer, or takes no writes, now."""


class ModelMismatch(StoreError):
    """The index was built with another encoder or format version."""


class ModelError(RolebookError):
    """An encoder's files are missing or differ from their hash."""


class FetchError(RolebookError):
    """An address could not be read."""


class ForbiddenAddress(FetchError):
    """A host on a private, loopback, link-local or reserved address."""


class Unreachable(FetchError):
    """A site that does not answer or asks to be left alone for now."""


class BudgetSpent(FetchError):
    """A run has read as much as it may."""
