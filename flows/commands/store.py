"""Commands for admins about the store."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.commands.show import console
from models.rules.errors import WrongCall
from models.storage.bucket import MODES, prepare_bucket
from models.storage.workspace import own_settings

app = typer.Typer(help="Kho lưu / The store", no_args_is_help=True)


@app.command("prepare")
def prepare(
    years: Annotated[int, typer.Option(min=1, max=100, help="không xoá được trong / nothing is deleted for")] = 10,
    mode: Annotated[str, typer.Option(help="governance | compliance")] = "governance",
) -> int:
    """Lập bucket giữ phiên bản và khoá xoá / Make the bucket: versions kept, deleting locked. Safe again."""
    if mode.upper() not in MODES:
        raise WrongCall(f"--mode {mode}: governance | compliance")
    settings = own_settings()
    console().print(f"✓ {settings.store_url}: {prepare_bucket(settings, years, mode.upper())}")
    return 0
