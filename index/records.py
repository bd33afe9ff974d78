"""A blueprint as JSON text and back."""

import json
from dataclasses import asdict
from typing import Any

from ingest.blueprint import Block, Blueprint, Section


def to_json(blueprint: Blueprint) -> str:
    return json.dumps(asdict(blueprint), separators=(",", ":"))


def from_json(text: str) -> Blueprint:
    record = json.loads(text)
    return Blueprint(**record | {"sections": tuple(_section(section) for section in record["sections"])})


def _section(record: dict[str, Any]) -> Section:
    return Section(
        **record
        | {
            "blocks": tuple(_block(block) for block in record["blocks"]),
            "sections": tuple(_section(section) for section in record["sections"]),
        }
    )


def _block(record: dict[str, Any]) -> Block:
    cells = record["cells"]
    return Block(**record | {"cells": None if cells is None else tuple(cells)})
