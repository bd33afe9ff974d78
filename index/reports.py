"""What a build or a removal did, and what the index was made from."""

from dataclasses import dataclass

from ingest.errors import RolebookError


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One page that the index was made from."""

    source: str  # as given when it was last read
    format: str  # "wordpress-json", "html", "markdown", "text", ...
    fetched_at: str | None
    blueprints: tuple[str, ...]  # the ids that are kept from this page
    duplicate_of: tuple[str, ...]  # the ids that stand for its other blueprints


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one build read, kept and encoded; the totals are those of the index afterwards."""

    generation: int
    new: int  # pages that were not known
    changed: int  # pages whose bytes differ from the stored ones
    unchanged: int
    dropped: int  # pages that are gone from a folder
    failed: tuple[RolebookError, ...]  # one a page, each message names it
    blueprints: int
    duplicates: int  # pages' blueprints that another one stands for
    passages: int
    encoded: int  # texts that the encoder was given
    reused: int  # passages whose vector was there already

    @property
    def read(self) -> int:
        """How many pages were read, the failed ones left out."""
        return self.new + self.changed + self.unchanged


@dataclass(frozen=True, slots=True)
class RemoveReport:
    """What a removal took out, or would take out if `dry_run`."""

    generation: int
    dry_run: bool
    sources: tuple[str, ...]
    blueprints: tuple[str, ...]
    restored: tuple[str, ...]  # former duplicates that stand for themselves now
    passages: int  # how many the index lost, net


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync of a site found, counted by post; the totals are those of the index afterwards."""

    site: str
    way: str  # "rest" or "sitemap"
    generation: int  # 0 if there is none yet
    new: int
    changed: int  # under a new address too
    unchanged: int
    gone: int
    failed: tuple[RolebookError, ...]  # one a post, each message names it
    left: int  # not fetched, because the run's budget was spent; the next run goes on with them
    requests: int
    fetched: int  # bytes
    blueprints: int
    passages: int
    encoded: int  # texts that the encoder was given
