"""Takes in what is told of years before: last year's results and scores, earlier years, and crosswalks to them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from sqlmodel import Session

from checks.shared_files import read_previous
from checks.years import read_history, read_previous_scores
from flows.shared_inputs import Checked, take_shared
from flows.workplace import workplace
from models.rules.crosswalk_text import old_framework_of, read_crosswalk
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import CROSSWALK, HISTORY, PREVIOUS, PREVIOUS_SCORES, empty
from models.rules.framework import Framework
from models.storage.crosswalks import framework_at_hand, read_crosswalk_files
from models.storage.cycle_folder import CycleFolder
from models.storage.framework_folders import read_documents
from models.storage.inbox import Form
from models.storage.shared_files import read_shared
from models.storage.spreadsheets import Table
from models.tables import Crosswalk, EarlierResult, PreviousResult, PreviousScore

MOST_YAML = 2 * 2**20


def take_years_before(session: Session, cycle: str, folder: CycleFolder, base: CycleInputs, shut: str) -> None:
    """previous/results.csv, history.csv and scores.csv, and the crosswalks of the cycle's frameworks."""
    year = base.settings.year
    readers: list[tuple[str, str, Callable[[Table], Checked]]] = [
        ("previous", "results", lambda table: _rows(PreviousResult, PREVIOUS, *read_previous(table))),
        ("history", "history", lambda table: _rows(EarlierResult, HISTORY, *read_history(table, year))),
        (
            "previous_scores",
            "scores",
            lambda table: _rows(PreviousScore, PREVIOUS_SCORES, *read_previous_scores(table)),
        ),
    ]
    for kind, name, check in readers:
        form = read_shared(folder, workplace().vault, kind, [f"previous/{name}.csv"])
        take_shared(session, cycle, kind, "publish", form, _of_first(form, check), shut)
    form = read_crosswalk_files(folder, workplace().vault)
    take_shared(session, cycle, "crosswalk", "publish", form, lambda: _crosswalks(form, folder, base), shut)


def _of_first(form: Form, check: Callable[[Table], Checked]) -> Callable[[], Checked]:
    return lambda: check(form.tables[0])


def _rows(table: type, columns: tuple[str, ...], rows: pd.DataFrame, faults: list[Fault]) -> Checked:
    return {table: rows.reindex(columns=list(columns))}, faults


def _crosswalks(form: Form, folder: CycleFolder, base: CycleInputs) -> Checked:
    """The lines of every crosswalk; two from one framework to another are refused."""
    found, faults, seen = [empty(CROSSWALK)], [], set[tuple[str, str]]()
    for path, text in form.texts.items():
        own = path.split("/")[1]
        framework = base.frameworks.get(own)
        if framework is None:
            expected = ", ".join(base.frameworks)
            faults.append(Fault("crosswalk-of-another", location=path, found=own, expected=expected))
            continue
        old = old_framework_of(text, path)
        rows, wrong = read_crosswalk(text, path, framework, base.frameworks.get(old) or _at_hand(folder, old))
        if (own, old) in seen:
            wrong.append(Fault("row-duplicate", location=path, found=f"{own} ← {old}"))
        seen.add((own, old))
        found.append(rows)
        faults += wrong
    return {Crosswalk: pd.concat(found, ignore_index=True)}, faults


def _at_hand(folder: CycleFolder, identity: str) -> Framework | None:
    """An earlier framework that is built in or lies in the cycle's own folder."""
    place = f"frameworks/{identity}/"
    entries = [entry for entry in folder.list("frameworks") if entry.path.startswith(place)]
    own = {
        entry.path: folder.read_entry(entry, MOST_YAML)
        for entry in entries
        if entry.path.endswith(".yaml") and "/" not in entry.path.removeprefix(place)
    }
    return read_documents(own)[0] if identity and own else framework_at_hand(identity)
