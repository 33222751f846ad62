"""The command line: every command of the contract, its exit status, no traceback for what a person can mend."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer

from flows.commands import audit, commend, cycle, demo, framework, look, midyear, rehearse, report, run, store
from flows.commands.show import show_faults
from models.rules.errors import PersonError, Refused

# The click that typer carries has no public name for "called wrongly"; it is what BadParameter is a kind of.
CALL_ERROR: Any = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="parindex",
    help="Chu trình chỉ số CCHC hằng năm / The yearly cycle of the public administration reform index.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(framework.app, name="framework")
app.add_typer(cycle.app, name="cycle")
app.add_typer(audit.app, name="audit")
app.add_typer(store.app, name="store")
for commands in (demo, run, midyear, look, cycle, audit, rehearse, commend, report):
    for name, command in commands.COMMANDS.items():
        app.command(name)(command)


def call(words: list[str] | None = None) -> int:
    """Perform one command line (default: the process's own) and give its exit status."""
    try:
        status = app(words, standalone_mode=False)
    except CALL_ERROR as error:
        error.show(sys.stderr)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        print("Đã dừng / Stopped", file=sys.stderr)
        return 130
    except PersonError as error:
        print(error, file=sys.stderr)
        if isinstance(error, Refused):
            show_faults(error.faults)
        return error.exit_status
    return status if isinstance(status, int) else 0


def main() -> None:
    """The command `parindex`."""
    os.umask(0o077)
    sys.exit(call())


if __name__ == "__main__":
    main()
