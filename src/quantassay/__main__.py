"""``quantassay`` and ``python -m quantassay``: one command, its exit code, errors in one line."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress

import typer

from .cli import BAD_INPUT, INTERNAL, INTERRUPTED, PASS, app


def _fail(text: str, code: int, verbose: bool) -> int:
    with suppress(OSError):
        if verbose:
            traceback.print_exc()
        typer.echo(f"error: {text}", err=True)
    return code


def _interrupted() -> int:
    with suppress(OSError):
        typer.echo("interrupted: run it again to go on where it stopped", err=True)
    return INTERRUPTED


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code; errors are one line on stderr."""
    from .errors import QuantassayError

    verbose = "--verbose" in arguments
    try:
        # --verbose counts wherever it stands
        rest = [argument for argument in arguments if argument != "--verbose"]
        code = app(args=["--verbose", *rest] if verbose else rest, standalone_mode=False)
        # typer turns Ctrl-C into an exit code, or into Abort, by version
        return _interrupted() if code == INTERRUPTED else int(code or PASS)
    except QuantassayError as error:
        return _fail(str(error), BAD_INPUT, verbose)
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except typer.Exit as stop:
        return int(stop.exit_code)
    except SystemExit as stop:  # an exit code that is not ours would pass for a verdict
        return _fail(f"internal error: SystemExit: {stop}", INTERNAL, verbose)
    except Exception as error:
        usage = getattr(error, "format_message", None)
        if usage is not None and not usage():  # no command at all: the help was printed
            return BAD_INPUT
        if usage is not None:
            return _fail(f"{usage()} (see --help)", BAD_INPUT, verbose)
        if isinstance(error, (OSError, MemoryError)):
            return _fail(_of_the_system(error), BAD_INPUT, verbose)
        text = f"internal error: {type(error).__name__}: {error}; --verbose shows where"
        return _fail(text, INTERNAL, verbose)


def _of_the_system(error: OSError | MemoryError) -> str:
    if isinstance(error, MemoryError):
        return "out of memory: use a smaller batch or a machine with more"
    return f"{error.filename or 'the system'}: {error.strerror or error}"


def _open_streams() -> None:
    """Give closed streams somewhere to go, so that no file of a run takes their place."""
    for number, name in ((0, "stdin"), (1, "stdout"), (2, "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # the lowest free number is the closed one
            setattr(sys, name, open(number, "r" if number == 0 else "w"))  # noqa: SIM115, PTH123


def main() -> None:
    """Run the command line and leave with its exit code."""
    _open_streams()
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
