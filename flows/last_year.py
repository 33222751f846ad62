"""Last year's values for this year's forms: from the cycle published here a year before, else previous/results.csv."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlmodel import Session, select

from checks.rule_book import refusing
from checks.shared_files import read_previous
from flows.publication.figure_words import brief, number, short_number
from flows.publication.forms import LastValues
from models.rules.cycle import CycleInputs
from models.rules.errors import PersonError
from models.rules.frames import INPUTS, rows_of
from models.rules.framework import Framework
from models.rules.marks import OUT, POINTS
from models.rules.numbers import show_scaled
from models.rules.scoring import Sheet, score
from models.storage.cycle_folder import CycleFolder
from models.storage.inputs import load_inputs
from models.storage.settings import Settings
from models.storage.spreadsheets import read_csv_table
from models.tables import Cycle, Publication

MOST_PREVIOUS_BYTES = 20 * 2**20
NOT_APPLICABLE = "không áp dụng"
Values = dict[str, tuple[str, str]]


def last_values(session: Session, settings: Settings, now: CycleInputs) -> dict[str, LastValues]:
    """By unit of this cycle; units of which nothing is known are left out.

    A leaf has a value where last year's framework had a leaf of the same code and name. A unit that came out of
    others has none: the figures were not its own. Figures are those that counted: the last mark's, else the unit's.
    """
    told = _told(_previous(session, settings, now))
    leaves: dict[str, Values] = {}
    for cycle in _published_before(session, now.settings.year):
        for unit, values in _values(load_inputs(session, cycle), now).items():
            leaves.setdefault(unit, values)
    found = {}
    for unit, lineage in rows_of(now.units, "unit", "predecessors"):
        values = {} if lineage else leaves.get(unit, {})
        if values or unit in told:
            figures = {code: said for code, (said, _) in values.items()}
            points = {code: worth for code, (_, worth) in values.items()}
            found[unit] = LastValues(figures, points, told.get(unit, ("", "")))
    return found


def _published_before(session: Session, year: int) -> list[str]:
    """Ids of last year's published cycles."""
    rows = select(Cycle.id).join(Publication).where(Cycle.year == year - 1).distinct().order_by(Cycle.id)
    return list(session.exec(rows))


def _values(then: CycleInputs, now: CycleInputs) -> dict[str, Values]:
    """By unit that is in both cycles, by leaf: figures and points."""
    bloc_of = dict(rows_of(then.units, "unit", "bloc"))
    given = _given(then)
    sheets = score(then)
    found: dict[str, Values] = {}
    for unit, bloc in rows_of(now.units, "unit", "bloc"):
        if unit in bloc_of:
            sheet = sheets[then.framework_of(bloc_of[unit]).id]
            found[unit] = _of_unit(sheet, unit, now.framework_of(bloc), given)
    return found


def _of_unit(sheet: Sheet, unit: str, framework: Framework, given: Mapping[tuple[str, str], str]) -> Values:
    row, decimals, values = sheet.units.get_loc(unit), sheet.framework.leaf_decimals, {}
    for place, old in enumerate(sheet.framework.leaves):
        leaf = framework.leaf.get(old.code)
        state = sheet.final.state[row, place]
        if leaf is None or leaf.name != old.name or state not in (POINTS, OUT):
            continue
        if state == OUT:
            values[old.code] = ("", NOT_APPLICABLE)
        else:
            points = short_number(show_scaled(int(sheet.final.values[row, place]), decimals))
            values[old.code] = (given.get((unit, old.code), ""), points)
    return values


def _given(then: CycleInputs) -> dict[tuple[str, str], str]:
    """By unit and code: the figures that counted, in words."""
    said: dict[tuple[str, str], str] = {}
    marks = then.marks.sort_values(["round"], kind="stable")
    for rows in (then.claims, marks):
        for unit, code, *figures in rows_of(rows, "unit", "code", *INPUTS):
            if words := brief(dict(zip(INPUTS, figures, strict=True))):
                said[unit, code] = words
    return said


def _previous(session: Session, settings: Settings, now: CycleInputs) -> pd.DataFrame:
    """previous/results.csv as it lies in the cycle's folder, else as it was taken in; a faulty one tells nothing."""
    try:
        stored = session.get_one(Cycle, now.settings.id)
        folder = CycleFolder(stored.folder, settings)
        entry = folder.find("previous/results.csv")
        if entry is not None:
            table, faults = read_csv_table(folder.read_entry(entry, MOST_PREVIOUS_BYTES), entry.path)
            if table is not None and not faults:
                rows, found = read_previous(table)
                if not refusing(found):
                    return rows
    except (PersonError, OSError):  # the folder is somewhere else now: forms can do without
        pass
    return now.previous


def _told(previous: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """One line about last year's result, Vietnamese and English."""
    lines = {}
    for unit, index, rank in rows_of(previous, "unit", "index", "rank"):
        if index:
            vietnamese = f"Kết quả năm trước: chỉ số {number(index)}%" + (f", xếp hạng {rank}" if rank else "")
            lines[unit] = (vietnamese, f"Last year's result: index {index}%" + (f", rank {rank}" if rank else ""))
    return lines
