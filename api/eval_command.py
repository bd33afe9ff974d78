"""`rolebook eval`: how good retrieval is, on a BEIR folder or a file of labelled questions."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console

    from search.beir import BeirSet
    from search.evaluate import Run

Figures = dict[str, dict[str, float]]  # by measure, by run


def evaluate(
    given: Annotated[Path, typer.Argument(metavar="BEIR_FOLDER_OR_QUESTIONS")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    encoder: Annotated[str | None, typer.Option(help="Encoder for a BEIR folder; default: the built-in one.")] = None,
    trec_out: Annotated[Path | None, typer.Option(help="Write each run in TREC form into this folder.")] = None,
    compare: Annotated[Path | None, typer.Option(help="A TREC run to compare the hybrid one with.")] = None,
    fit: Annotated[
        bool, typer.Option("--fit", help="Fit from which confidence answers are given, and keep it with the index.")
    ] = False,
) -> None:
    """nDCG@10, MRR@10 and recall of each leg on a BEIR folder; evidence and roles found on labelled questions."""
    from search.beir import is_beir

    if is_beir(given) or given.is_dir():
        if fit:
            raise BadInput("--fit is for a file of questions. Leave it out for a BEIR folder.")
        shape = _beir(given, encoder, trec_out, compare)
    elif trec_out or compare or encoder:
        raise BadInput("--encoder, --trec-out and --compare are for BEIR folders. Leave them out for questions.")
    else:
        shape = _fitted(given) if fit else _questions(given)
    if as_json:
        from api.cli import show_json

        show_json(shape)
    else:
        from api import render

        _print(render.console(), shape)


def _beir(folder: Path, name: str | None, trec_out: Path | None, compare: Path | None) -> dict[str, Any]:
    from api import local
    from index.encoders import DEFAULT, load_encoder
    from search.beir import read_beir
    from search.evaluate import read_run, runs, write_run

    beir = read_beir(folder)
    other = read_run(compare) if compare else None
    made = runs(beir, load_encoder(name or DEFAULT), local.settings().home / "evaluation")
    if trec_out:
        for leg, run in made.items():
            write_run(run, trec_out / f"{beir.name}.{leg}.run", leg)
    return {"set": beir.name, "runs": _figures(beir, made)} | (
        {"compared": {str(compare): _difference(beir, made["hybrid"], other)}} if other is not None else {}
    )


def _figures(beir: "BeirSet", made: Mapping[str, "Run"]) -> Figures:
    from search.evaluate import measure

    queries = [query.query_id for query in beir.queries]
    return {
        leg: {name: round(sum(values) / len(values), 4) for name, values in measure(run, beir.qrels, queries).items()}
        for leg, run in made.items()
    }


def _difference(beir: "BeirSet", run: "Run", other: "Run") -> dict[str, dict[str, float]]:
    """The hybrid run minus the other, for each metric, with its 95 % interval and p."""
    from dataclasses import asdict

    from search.evaluate import measure
    from search.metrics import paired_bootstrap

    queries = [query.query_id for query in beir.queries]
    ours, theirs = measure(run, beir.qrels, queries), measure(other, beir.qrels, queries)
    return {
        name: {key: round(value, 4) for key, value in asdict(paired_bootstrap(ours[name], theirs[name])).items()}
        for name in ours
    }


def _questions(path: Path) -> dict[str, Any]:
    from api.local import library
    from search.labelled import judge, means, read_questions

    questions = read_questions(path)
    made = {leg: means(values) for leg, values in judge(library(), questions).items()}
    rounded = {
        leg: {kind: {name: round(v, 4) for name, v in found.items()} for kind, found in by.items()}
        for leg, by in made.items()
    }
    return {
        "set": path.stem,
        "questions": len(questions),
        "runs": {leg: by.pop("all") for leg, by in rounded.items()},
        "by_kind": rounded,
    }


def _fitted(path: Path) -> dict[str, Any]:
    from dataclasses import asdict

    from api.local import library
    from search.answer import ask
    from search.labelled import read_all
    from search.threshold import fit, keep

    opened = library()
    sure: dict[bool, list[float]] = {True: [], False: []}
    for question in read_all(path):
        sure[question.answerable].append(ask(opened, question.question).confidence)
    fitted = fit(sure[True], sure[False])
    keep(opened.home, fitted)
    figures = {name: round(value, 4) for name, value in asdict(fitted).items()}
    return {"set": path.stem, "questions": len(sure[True]) + len(sure[False]), "runs": {"fitted": figures}}


def _print(out: "Console", shape: dict[str, Any]) -> None:
    from rich.table import Table

    def add(title: str, runs: Figures) -> None:
        names = list(dict.fromkeys(name for figures in runs.values() for name in figures))
        table = Table("run", *names, title=title, title_justify="left")
        for run, figures in runs.items():
            table.add_row(run, *(f"{figures[name]:.3f}" if name in figures else "" for name in names))
        out.print(table)

    add(shape["set"], shape["runs"])
    for kind in next(iter(shape.get("by_kind", {}).values()), {}):
        add(kind, {leg: by[kind] for leg, by in shape["by_kind"].items()})
    for other, figures in shape.get("compared", {}).items():
        add(f"hybrid minus {other}", figures)
