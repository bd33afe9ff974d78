"""Traces as a collector gets them from `rolebook serve`."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.serving_process import process

pytest.importorskip("opentelemetry.sdk", reason="the extra 'otel' is not installed")
messages = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")


@pytest.fixture
def collector():
    """The address of an OTLP collector, and what it was sent."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *what):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", received
    server.shutdown()
    server.server_close()
    thread.join()


def spans(received):
    """Every span of the traces, its attributes as a dictionary of texts."""
    for path, body in received:
        if path == "/v1/traces":
            for resource in messages.ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        yield span, {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


def test_a_request_is_one_span_that_names_its_route_and_not_the_question(word_home, collector):
    endpoint, received = collector
    trace = "0af7651916cd43dd8448eb211c80319c"
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
    with process(word_home, **settings) as (server, address):
        asking = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
        with httpx.Client(base_url=address, trust_env=False, headers=asking) as client:
            client.get("/v1/search?query=zebra stripes", headers=asking)
            client.get("/v1/owners?matter=zebra stripes")
            client.post("/v1/ask", json={"question": "Who owns the zebra?"})
            client.get("/v1/roles/data-engineer?topic=kpis")
            client.get("/v1/search?query=zebra&role=Zebra tamer")
            assert client.get("/v1/roles?level=manager").json()["roles"][0]["role"] == "MLOps Manager"
        server.terminate()
        server.communicate(timeout=30)
    ours = [(span, said) for span, said in spans(received) if span.trace_id.hex() == trace]
    assert [(span.name, said["http.response.status_code"]) for span, said in ours] == [
        ("GET /v1/search", 200),
        ("GET /v1/owners", 200),
        ("POST /v1/ask", 200),
        ("GET /v1/roles/{name}", 200),
        ("GET /v1/search", 404),
        ("GET /v1/roles", 200),
    ]
    assert all(span.end_time_unix_nano > span.start_time_unix_nano for span, _ in ours)
    assert b"ebra" not in b"".join(body for _, body in received)
    assert {path for path, _ in received} <= {"/v1/traces", "/v1/metrics"}
