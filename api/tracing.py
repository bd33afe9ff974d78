"""OpenTelemetry, if it is installed: FastAPI's own spans and figures, without the questions that addresses hold."""

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import Receive, Scope, Send

# Exporters come from OTEL_* in the environment. Logs would hold the texts of errors.
TELEMETRY: TelemetryConfig = {"auto_configure": True, "logs": False, "operation_spans": False}
_KEPT = "rolebook.query_string"


class Traced(FastAPI):
    """An app whose spans never see a query string; `whole` gives it back to the first middleware."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, _KEPT: scope["query_string"], "query_string": b""}
        await super().__call__(scope, receive, send)


def whole(scope: Scope) -> None:
    """Puts the query string back where it belongs."""
    scope["query_string"] = scope.pop(_KEPT, scope["query_string"])
