"""`rolebook serve` as a process of its own, with the encoder of words."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

_SCRIPT = """
import sys, time
import index.library
from tests.conftest import WordEncoder

class Encoder(WordEncoder):
    def encode_query(self, texts):
        time.sleep(1.0 if texts[0] == 'drift' else 0)
        return super().encode_query(texts)

index.library.load_encoder = lambda name: Encoder()
from api.cli import main
main()
"""


@contextmanager
def process(home: Path, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its address once it is ready; a search for "drift" takes it a second. Stopped at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    given = {**os.environ, "ROLEBOOK_HOME": str(home), "PYTHONPATH": os.getcwd(), **environment}
    command = [sys.executable, "-c", _SCRIPT, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=given, stderr=subprocess.PIPE, text=True) as running:
        try:
            address, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 60
            while not _ready(address):
                assert running.poll() is None, running.communicate()[1]
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield running, address
        finally:
            if running.poll() is None:
                running.terminate()


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
