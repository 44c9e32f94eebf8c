"""Every command, from the command line itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer

from quantassay.cli import app

from .tables import page, plain, table


def commands_page() -> str:
    """Return the page of every command with its arguments and options."""
    group: Any = typer.main.get_command(app)
    intro = f"{group.help}\n\nstdout is data, stderr is progress. {group.epilog}"
    hints = get_type_hints(app.registered_callback.callback)  # type: ignore[union-attr]
    rows = [parameter(given, hints[given.name]) for given in group.params]
    everywhere = table(["before any command", "type", "default", "meaning"], rows)
    functions = {command.callback.__name__: command.callback for command in app.registered_commands}
    return page(
        "Commands",
        intro,
        everywhere,
        *map(command_section, group.commands.values(), functions.values()),
    )


def command_section(command: Any, function: Callable[..., Any]) -> str:
    """Describe one command."""
    hints = get_type_hints(function)
    arguments = [p for p in command.params if p.opts == [p.name]]
    usage = " ".join(
        f"{p.name.upper()}{'...' if p.nargs < 0 else ''}" for p in arguments if p.required
    )
    rows = [parameter(p, hints[p.name]) for p in command.params]
    return "\n\n".join(
        [
            f"## {command.name}",
            f"`{' '.join(filter(None, ['quantassay', command.name, usage, '[OPTIONS]']))}`",
            plain(command.help or ""),
            table(["", "type", "default", "meaning"], rows),
        ]
    )


def parameter(given: Any, hint: Any) -> list[str]:
    """Return the row of an argument or option."""
    name = given.name.upper() if given.opts == [given.name] else ", ".join(given.opts)
    values = given.default if isinstance(given.default, list) else [given.default]
    plain_values = [value.value if isinstance(value, Enum) else value for value in values]
    shown = ", ".join(f"`{value}`" for value in plain_values if value not in (None, False))
    kind = option_type(hint) + (" twice" if given.nargs == 2 else "")
    return [f"`{name}`", kind, "**required**" if given.required else shown, given.help]


def option_type(hint: Any) -> str:
    """Name the type of an option."""
    parts = [part for part in get_args(hint) or (hint,) if part is not type(None)]
    names = {str: "text", int: "whole number", float: "number", bool: "flag", Path: "path"}
    return " or ".join(dict.fromkeys(choice(part, names) for part in parts))


def choice(part: Any, names: Mapping[Any, str]) -> str:
    """Name one type, an enumeration by its values."""
    if get_args(part):
        return option_type(get_args(part)[0])
    if isinstance(part, type) and issubclass(part, Enum):
        return " or ".join(f"`{value.value}`" for value in part)
    return names.get(part, "text")
