"""A question to its answer, as every edge asks: off the loop, counted, and rephrased where a model is at hand."""

from collections.abc import Sequence

from api.live import Live
from api.metrics import Metrics
from api.rephrase import Rephraser
from index.library import Library
from search import Answer
from search import ask as answer


class Asker:
    """Asks the current library."""

    def __init__(self, live: Live, metrics: Metrics, rephraser: Rephraser | None) -> None:
        self.live = live
        self.metrics = metrics
        self.rephraser = rephraser

    async def plain(self, question: str, history: Sequence[str] = ()) -> Answer:
        """The answer in the blueprints' own words."""

        def work(library: Library) -> Answer:
            return answer(library, question, history)

        given = await self.live.run(work)
        self.metrics.answered(given)
        return given

    async def rephrased(self, given: Answer, instructions: str = "") -> Answer:
        """The answer in the model's words as far as they hold; as it is without a model."""
        if self.rephraser is None or not given.answerable:
            return given
        told = await self.rephraser.rephrase(given, instructions)
        self.metrics.rephrasings.labels(told.outcome).inc()
        self.metrics.failures.labels("rephrasing").inc(told.dropped)
        return told.answer

    async def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        return await self.rephrased(await self.plain(question, history))
