"""The command line: every command of the contract, its exit status, and never a traceback for what a person can mend."""

from __future__ import annotations

import os
import sys

import click
import typer

from flows.commands import audit, cycle, demo, framework, look, run
from flows.commands.show import show_faults
from models.rules.errors import PersonError, Refused

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
for commands in (demo, run, look, cycle, audit):
    for name, command in commands.COMMANDS.items():
        app.command(name)(command)


def main() -> None:
    """Run the command line and leave with the contract's exit status."""
    os.umask(0o077)
    try:
        status = app(standalone_mode=False)
    except click.ClickException as error:
        error.show(sys.stderr)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        print("Đã dừng / Stopped", file=sys.stderr)
        sys.exit(130)
    except PersonError as error:
        print(error, file=sys.stderr)
        if isinstance(error, Refused):
            show_faults(error.faults)
        sys.exit(error.exit_status)
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
