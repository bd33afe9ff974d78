"""The command line; heavy imports stand in the commands, so that `rolebook --help` is instant."""

import atexit
import gc
import json
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api import compare_command, eval_command, import_command, matrix_command, serve_command, sync_command
from api.ray_option import RayCommand
from ingest.errors import BadInput, NoIndex, RolebookError, UnreadablePage

if TYPE_CHECKING:
    from api.settings import Settings
    from index.library import Library


class Commands(TyperGroup):
    """Says every foreseen error in one line on stderr: exit 2 for bad input, 1 for a failure."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            code = super().main(*args, **{**kwargs, "standalone_mode": False})
        except (typer.Abort, RolebookError, OSError) as error:
            complain(str(error) or "Stopped.")
            code = 2 if isinstance(error, BadInput) else 1
        except Exception as error:
            if not hasattr(error, "format_message"):  # typer's usage errors
                raise
            complain(f"{error.format_message()} See 'rolebook --help'.")
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


class GroupBy(StrEnum):
    role = "role"


app = typer.Typer(
    cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, no_args_is_help=False
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Topics = Annotated[list[str] | None, typer.Option("--topic", help="Only this topic (repeatable).")]


def complain(message: str) -> None:
    """One line on stderr."""
    print("rolebook:", " ".join(message.split()), file=sys.stderr)


def show_json(shape: Mapping[str, Any]) -> None:
    print(json.dumps(shape, ensure_ascii=False))


@app.callback(invoke_without_command=True)
def rolebook(context: typer.Context) -> None:
    """Reads role blueprints and answers questions over them with quotes that can be checked."""
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def parse(files: Annotated[list[str], typer.Argument(help="Files or folders.")], as_json: Json = False) -> None:
    """Show what was understood of files; JSON: one line a file."""
    from api import local, render, shapes

    out = render.console()
    understood = missing = 0
    for file, reading in local.readings(files):
        if isinstance(reading, BadInput):
            complain(str(reading))
            missing += not isinstance(reading, UnreadablePage)
            continue
        understood += 1
        if as_json:
            show_json(shapes.reading(file, reading))
        else:
            render.reading(out, file, reading)
    if missing or not understood:
        raise typer.Exit(2)


@app.command(cls=RayCommand)
def build(
    sources: Annotated[list[str] | None, typer.Argument(help="Files, folders, addresses; default: samples.")] = None,
    encoder: Annotated[str | None, typer.Option(help="Encoder name or folder; default: the index's own.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Parse and encode everything again.")] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Read private addresses too.")] = False,
    ray: Annotated[str | None, typer.Option(metavar="[ADDRESS]", help="Read and encode on a Ray cluster.")] = None,
    as_json: Json = False,
) -> None:
    """Read and index sources; touches no others; again = only what changed."""
    from api import local, render, runs, shapes
    from api.progress import progress
    from index.encoders import DEFAULT, load_encoder

    home = _home()
    try:
        built_with: str | None = local.encoder_of(home)
    except NoIndex:
        built_with = None
    given = sources or ([] if rebuild and built_with else [local.sample_pages()])
    chosen = load_encoder(encoder or built_with or DEFAULT)
    index_sources = local.builder(ray)
    with runs.recorded(home, "build", ", ".join(given)) as run, progress() as tell:
        report = index_sources(given, home, chosen, rebuild=rebuild, allow_private=allow_private, progress=tell)
        run.update(shapes.build_report(report))
        published = local.publish()
    for error in report.failed:
        complain(str(error))
    if as_json:
        show_json(shapes.build_report(report))
    else:
        render.build_report(render.console(), report)
        print(published, end="\n" if published else "")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="SOURCE_OR_ROLE")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
) -> None:
    """Take a source or a role out of the index."""
    from api import local, render, shapes
    from index.remove import remove as remove_from

    report = remove_from(name, _home(), dry_run=dry_run)
    published = "" if dry_run else local.publish()
    if as_json:
        show_json(shapes.remove_report(report))
    else:
        render.remove_report(render.console(), report)
        print(published, end="\n" if published else "")


@app.command()
def sources(as_json: Json = False) -> None:
    """List what the index was made from."""
    from api import render, shapes
    from index.sources import sources as listed

    entries, sites = listed(_home()), sync_command.followed(_home())
    if as_json:
        show_json(shapes.sources(entries) | {"sites": sync_command.sites_shape(sites)})
    else:
        render.sources(render.console(), entries)
        sync_command.print_sites(sites)


app.command()(sync_command.sync)
app.command("import")(import_command.import_release)
app.command("eval")(eval_command.evaluate)


@app.command()
def search(
    query: str,
    k: Annotated[int, typer.Option("-k", help="How many passages, or roles if grouped.")] = 10,
    role: Annotated[list[str] | None, typer.Option(help="Only this role (repeatable).")] = None,
    topic: Topics = None,
    level: Annotated[list[str] | None, typer.Option(help="Only this level (repeatable).")] = None,
    function: Annotated[list[str] | None, typer.Option(help="Only this function (repeatable).")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Only this source (repeatable).")] = None,
    group_by: Annotated[GroupBy | None, typer.Option(help="Rank roles instead of passages.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how it was read, and each hit's scores.")] = False,
    rerank: Annotated[str | None, typer.Option(help="A cross-encoder, by folder or name, to order passages.")] = None,
    as_json: Json = False,
) -> None:
    """Ranked passages or roles."""
    if group_by and rerank:
        raise BadInput("--rerank orders passages. Leave out --group-by.")
    library = _library()  # its model is loaded while the rest is imported
    from api import render, shapes
    from index.rerankers import CrossEncoderReranker
    from search import Filters, retrieve, retrieve_roles
    from search.retrieve import understood

    chosen = Filters(*(tuple(names or ()) for names in (role, topic, level, function, source)))
    out = render.console()
    read = understood(library, query).explain() if explain else {}
    asked = {"asked": read} if explain else {}
    if explain and not as_json:
        out.print(f"Read as: {json.dumps(read, ensure_ascii=False)}\n", markup=False, highlight=False, style="dim")
    if group_by:
        roles = retrieve_roles(library, query, k, chosen)
        show_json(shapes.role_hits(query, roles) | asked) if as_json else render.role_hits(out, roles, explain)
    else:
        hits = retrieve(library, query, k, chosen, reranker=CrossEncoderReranker(rerank) if rerank else None)
        show_json(shapes.hits(query, hits) | asked) if as_json else render.hits(out, hits, explain)


@app.command()
def ask(
    question: str,
    history: Annotated[Path | None, typer.Option(help='Earlier turns: a JSON list of {"role", "content"}.')] = None,
    as_json: Json = False,
) -> None:
    """An answer with citations."""
    library = _library()  # its model is loaded while the rest is imported
    from api import render, shapes
    from search import ask as answer

    answered = answer(library, question, _earlier(history) if history else ())
    if as_json:
        show_json(shapes.answer(answered))
    else:
        render.answer(render.console(), answered)


@app.command()
def roles(as_json: Json = False) -> None:
    """The catalogue of roles."""
    from api import render, shapes
    from index.library import open_generation

    entries = open_generation(_home(), _settings().database).catalogue()
    if as_json:
        show_json(shapes.roles(entries))
    else:
        render.roles(render.console(), entries)


@app.command()
def show(role: str, topic: Topics = None, as_json: Json = False) -> None:
    """A role's own words."""
    from api import render, shapes
    from index.library import open_generation
    from search.names import one_blueprint

    generation = open_generation(_home(), _settings().database)
    blueprint = generation.blueprint(one_blueprint(role, generation.catalogue()).blueprint_id)
    shown = shapes.of_topics(blueprint, topic or ())
    if as_json:
        show_json(shapes.blueprint(shown))
    else:
        render.blueprint(render.console(), shown)


@app.command()
def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Go back to the last good generation if damaged.")] = False,
    as_json: Json = False,
) -> None:
    """Check the index and its model; say what to do."""
    from dataclasses import asdict

    from api import render
    from api.doctor import examine

    checks = examine(_settings(), mend=repair)
    if as_json:
        show_json({"checks": [asdict(check) for check in checks]})
    else:
        render.checks(render.console(), checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def _earlier(history: Path) -> tuple[str, ...]:
    from api.requests import read_history

    return read_history(history)


def _settings() -> "Settings":
    from api import local

    return local.settings()


def _home() -> Path:
    return _settings().home


def _library() -> "Library":
    from api import local

    return local.library()


compare_command.register(app, _library, show_json)
matrix_command.register(app, _library, show_json)
serve_command.register(app, _settings, _library, show_json)


def main() -> None:
    gc.set_threshold(10_000)  # a short command is not to be looked through for garbage while it is imported
    atexit.register(gc.freeze)  # nor once more at its end
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    app()
