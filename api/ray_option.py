"""The option --ray, whose value may be left out."""

import re
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand

ADDRESS = re.compile(r"auto|ray://.+|(?:[\w.-]+|\[[0-9a-fA-F:]+\]):\d+")


class RayCommand(TyperCommand):
    """A command with --ray."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, with_address(args))


def with_address(arguments: Sequence[str]) -> list[str]:
    """The arguments, "" given to a --ray that no address follows."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    given: list[str] = []
    for number, argument in enumerate(arguments[:end]):
        given.append(argument)
        following = arguments[number + 1 : end][:1]
        if argument == "--ray" and not (following and ADDRESS.fullmatch(following[0])):
            given.append("")
    return [*given, *arguments[end:]]
