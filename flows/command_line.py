"""Every command of the contract, as one command line."""

from __future__ import annotations

from typing import Any

import typer

from flows.commands import audit, commend, cycle, demo, framework, look, midyear, rehearse, report, run, store

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
