"""Prometheus metrics of one service."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.live import Live
from search import Answer

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """What is counted; every app has a registry of its own."""

    def __init__(self, live: Live) -> None:
        self.registry = CollectorRegistry()
        of_http = ("method", "handler")
        self.requests = Counter("http_requests", "Requests.", (*of_http, "status"), registry=self.registry)
        self.seconds = Histogram(
            "http_request_duration_seconds", "Time to the last byte.", of_http, buckets=_SECONDS, registry=self.registry
        )
        self.open = Gauge("http_requests_in_progress", "Requests not yet answered.", registry=self.registry)
        self.answers = Counter("rolebook_answers", "Questions answered.", ("kind",), registry=self.registry)
        self.abstentions = Counter("rolebook_abstentions", "Questions not answered.", ("kind",), registry=self.registry)
        self.failures = Counter(
            "rolebook_verification_failures", "Statements that failed their check.", ("stage",), registry=self.registry
        )
        self.rephrasings = Counter(
            "rolebook_rephrasings", "Answers given to the language model.", ("outcome",), registry=self.registry
        )
        self.registry.register(_Index(live))

    def answered(self, answer: Answer) -> None:
        (self.answers if answer.answerable else self.abstentions).labels(answer.kind).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Index(Collector):
    """The index as it is when it is asked for."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def collect(self) -> Iterable[Metric]:
        manifest = self._live.generation.manifest
        for name, meaning, value in (
            ("rolebook_index_generation", "The generation served.", manifest.generation),
            ("rolebook_index_blueprints", "Blueprints served.", manifest.blueprints),
            ("rolebook_index_passages", "Passages served.", manifest.passages),
            ("rolebook_index_switch_failures", "New generations that could not be opened.", self._live.switch_failures),
            ("rolebook_searches_in_flight", "Work at hand or waiting.", self._live.in_flight),
        ):
            yield GaugeMetricFamily(name, meaning, value)
