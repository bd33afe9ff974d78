"""The edges: command line, HTTP, settings."""

__all__: list[str] = []
