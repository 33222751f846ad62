"""Writes the folder of the next year's cycle from a published one; a person corrects it before it is opened."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from flows.export import check_empty
from flows.publication.csv_text import frame_of
from models.actions.publish import latest_publication, published_tables
from models.rules.errors import NotAllowedNow
from models.rules.frames import HISTORY, PREVIOUS
from models.rules.hiding import Hidden
from models.rules.next_year import (
    history_from,
    previous_from,
    scores_from,
    settings_as_yaml,
    settings_of_next_year,
    units_of_next_year,
)
from models.storage.database import reading
from models.storage.inputs import read_settings, read_units
from models.storage.received import received_files
from models.storage.submissions import standing_rows
from models.storage.workspace import Workspace
from models.tables import EarlierResult, PreviousResult

KEPT = ("appraisers.csv", "frameworks/")


def write_next_year(workspace: Workspace, cycle: str, to: Path, identity: str = "") -> list[Path]:
    """cycle.yaml, units.csv, appraisers.csv, own frameworks and previous/ (results, scores, history) of the next year.

    Appraisers and frameworks are the bytes received last; nothing is overwritten, nothing is registered. Raises
    WrongCall where the folder is not empty, NotAllowedNow before the first publication.
    """
    check_empty(to)
    with reading(workspace.engine) as session:
        settings, units = read_settings(session, cycle), read_units(session, cycle)
        last = latest_publication(session, cycle)
        if last is None:
            raise NotAllowedNow(f"Kỳ {cycle} chưa công bố / {cycle} is not published yet")
        tables = published_tables(session, cycle, last.version)
        earlier = standing_rows(session, EarlierResult, HISTORY, cycle, "history")
        before = standing_rows(session, PreviousResult, PREVIOUS, cycle, "previous")
        received = received_files(session, cycle, Hidden(frozenset(), frozenset()))
    following = settings_of_next_year(settings, identity)
    results = [frame_of(workspace.vault.get(sha256)) for path, sha256 in tables if path.endswith("results.csv")]
    made = {
        "cycle.yaml": settings_as_yaml(following).encode(),
        "units.csv": _csv(units_of_next_year(units, following.year)),
        "previous/results.csv": _csv(previous_from(results)),
    } | {
        entry["path"]: workspace.vault.get(entry["sha256"]) for entry in received if entry["path"].startswith(KEPT)
    }  # fmt: skip
    scores = [frame_of(workspace.vault.get(sha256)) for path, sha256 in tables if path.endswith("scores.csv")]
    made["previous/scores.csv"] = _csv(scores_from(scores))
    history = history_from(earlier, before, settings.year, cycle)
    if len(history):
        made["previous/history.csv"] = _csv(history)
    for path, data in made.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
    return [to / path for path in sorted(made)]


def _csv(frame: pd.DataFrame) -> bytes:
    """As the contract reads it: what looks like a formula stays as it is, for this is no file to publish."""
    return frame.to_csv(index=False, lineterminator="\n").encode()
