"""`rolebook serve`, `rolebook mcp`, `rolebook keys`."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.settings import Settings
    from index.library import Library

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(
    app: typer.Typer,
    settings: Callable[[], "Settings"],
    library: Callable[[], "Library"],
    show_json: Callable[[Mapping[str, Any]], None],
) -> None:
    """Adds the commands that serve others."""

    @app.command()
    def serve(
        host: Annotated[str | None, typer.Option(help="Default: ROLEBOOK_HOST or 127.0.0.1.")] = None,
        port: Annotated[int | None, typer.Option(help="Default: ROLEBOOK_PORT or 8000.", min=0, max=65535)] = None,
    ) -> None:
        """Serve the index over HTTP: the page, JSON, OpenAI's protocol, MCP."""
        given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        _serve(library(), settings().model_copy(update=given))

    @app.command()
    def mcp() -> None:
        """Serve the index to one MCP client over stdin and stdout."""
        import anyio

        anyio.run(_stdio, library(), settings())

    app.add_typer(_keys(settings, show_json), name="keys", help="API keys: add, list, revoke.")


def _serve(library: "Library", settings: "Settings") -> None:
    """Serves until it is told to stop, then finishes what has begun."""
    import uvicorn

    from api import logs
    from api.http import create_app

    logs.configure(settings.log_level)
    uvicorn.run(
        create_app(library, settings, ahead=True),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=int(settings.timeout) + 5,
    )


async def _stdio(library: "Library", settings: "Settings") -> None:
    from api import logs, mcp_server
    from api.asking import Asker
    from api.live import Live
    from api.metrics import Metrics

    logs.configure("warning")
    live = Live(library, workers=2, waiting=settings.concurrency, timeout=settings.timeout)
    async with live.serving():
        await mcp_server.create(Asker(live, Metrics(live), None)).run_stdio_async()


def _keys(settings: Callable[[], "Settings"], show_json: Callable[[Mapping[str, Any]], None]) -> typer.Typer:
    keys = typer.Typer(add_completion=False, no_args_is_help=True)

    @keys.command()
    def add(
        name: Annotated[str, typer.Argument(help="Who or what will use it.")],
        admin: Annotated[bool, typer.Option("--admin", help="May see build and sync status.")] = False,
        rate: Annotated[int | None, typer.Option(help="Requests a minute; default: ROLEBOOK_RATE.", min=0)] = None,
        as_json: Json = False,
    ) -> None:
        """Make a key; it is shown this once."""
        from api import keys as ring

        key, shown = ring.add(settings().home, name, admin=admin, rate=rate)
        show_json({"id": key.id, "name": key.name, "key": shown}) if as_json else print(shown)

    @keys.command("list")
    def list_keys(as_json: Json = False) -> None:
        """Every key, without its secret."""
        from api.keys import KeyRing

        found = [asdict(key) for key in KeyRing(settings().home).keys().values()]
        for key in found:
            del key["sha256"]
        if as_json:
            show_json({"keys": found})
            return
        for key in found:
            state = f"revoked {key['revoked']}" if key["revoked"] else "admin" if key["admin"] else "reads"
            print(f"{key['id']}  {key['created']}  {state}  {key['name']}")

    @keys.command()
    def revoke(name: Annotated[str, typer.Argument(metavar="NAME_OR_ID")], as_json: Json = False) -> None:
        """Refuse a key from now on."""
        from api import keys as ring

        gone = [key.id for key in ring.revoke(settings().home, name)]
        show_json({"revoked": gone}) if as_json else print("Revoked", ", ".join(gone))

    return keys
