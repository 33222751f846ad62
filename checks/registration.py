"""Checks units.csv and appraisers.csv: without them nothing is registered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from checks.columns import Column, each, read_batch
from models.rules.cells import read_code, read_date, read_flag, read_key
from models.rules.cycle import CycleSettings
from models.rules.findings import Fault, in_both
from models.rules.frames import REGISTERED, RESPONSIBILITIES, frame
from models.rules.framework import Framework
from models.rules.permissions import Permissions
from models.storage.spreadsheets import Table


def read_keys(text: str) -> str:
    """Codes separated by ; in canonical form. Raises ValueError."""
    return ";".join(read_key(part) for part in text.split(";") if part.strip())


RESERVED = ("inputs", "analysis")  # folders of the annex itself


def read_annex(text: str) -> str:
    """The name of a closed annex, a folder below annex/. Raises ValueError."""
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,39}", text) or text in RESERVED:
        raise ValueError(
            in_both(
                "tên ngắn chữ thường không dấu như uy-ban-dan-toc, khác inputs và analysis",
                "a short name of a-z, 0-9 and - such as uy-ban-dan-toc, not inputs or analysis",
            )
        )
    return text


UNIT_COLUMNS = (
    Column("unit", read_key, required=True, filled=True),
    Column("name", required=True, filled=True),
    Column("bloc", required=True, filled=True),
    Column("scored", read_flag, default="yes"),
    Column("ranked", read_flag, default="yes"),
    Column("published", read_flag, default="yes"),
    Column("valid_from", read_date),
    Column("valid_to", read_date),
    Column("predecessors", read_keys),
    Column("annex", read_annex),
)
APPRAISER_COLUMNS = (
    Column("appraiser", read_key, required=True, filled=True),
    Column("name", required=True, filled=True),
    Column("codes", required=True, filled=True),
    Column("unit"),
    Column("fallback", read_flag),
)


def read_units(table: Table, settings: CycleSettings) -> tuple[pd.DataFrame, list[Fault]]:
    """units.csv as the frame REGISTERED, every unit, in file order."""
    rows, faults = read_batch([("", table)], UNIT_COLUMNS, party="file")
    for name in ("scored", "ranked", "published"):
        rows[name] = rows[name].where(rows[name] != "", "yes").astype("str")
    twice = rows[(rows.duplicated("unit") & (rows["unit"] != "")).to_numpy()]
    faults += each(twice, "row-duplicate", twice["unit"].tolist())
    blocs = [bloc.key for bloc in settings.blocs]
    strange = rows[(~rows["bloc"].isin(blocs) & (rows["bloc"] != "")).to_numpy()]
    faults += each(strange, "bloc-unknown", strange["bloc"].tolist(), ", ".join(blocs))
    first, last = f"{settings.year}-01-01", f"{settings.year}-12-31"
    outside = ((rows["valid_from"] != "") & (rows["valid_from"] > last)) | (
        (rows["valid_to"] != "") & (rows["valid_to"] < first)
    )
    dates = (rows["valid_from"] + " … " + rows["valid_to"])[outside.to_numpy()]
    faults += each(rows[outside.to_numpy()], "unit-outside-dates", dates.tolist(), str(settings.year))
    open_ones = rows[((rows["annex"] != "") & (rows["published"] == "yes")).to_numpy()]
    faults += each(open_ones, "annex-of-published-unit", open_ones["annex"].tolist())
    return rows[list(REGISTERED)], faults


def read_appraisers(
    table: Table, units: Sequence[str], frameworks: Mapping[str, Framework]
) -> tuple[pd.DataFrame, list[Fault]]:
    """appraisers.csv as the frame RESPONSIBILITIES, one row per appraiser and code.

    Source: contract, Who may mark: a code must exist in some framework of the cycle.
    """
    rows, faults = read_batch([("", table)], APPRAISER_COLUMNS, party="file")
    person = rows.assign(code="")
    twice = person[(rows.duplicated("appraiser") & (rows["appraiser"] != "")).to_numpy()]
    faults += [_at(fault) for fault in each(twice, "appraiser-duplicate", twice["appraiser"].tolist())]
    foreign = person[(~rows["unit"].isin([*units, ""])).to_numpy()]
    faults += [_at(fault) for fault in each(foreign, "unit-unknown", foreign["unit"].tolist())]
    known = {code for framework in frameworks.values() for code in framework.codes}
    records: list[dict[str, str]] = []
    for row in rows.to_dict("records"):
        for part in dict.fromkeys(text.strip() for text in row["codes"].split(";") if text.strip()):
            try:
                code = read_code(part)
            except ValueError as reason:
                faults.append(Fault("code-unreadable", location=row["location"], found=part, expected=str(reason)))
                continue
            if code not in known:
                faults.append(Fault("responsibility-code-unknown", code=code, location=row["location"], found=code))
            records.append(
                {
                    **{str(key): value for key, value in row.items()},
                    "code": code,
                    "fallback": "yes" if row["fallback"] == "yes" else "",
                }
            )
    return frame(records, RESPONSIBILITIES), faults


def _at(fault: Fault) -> Fault:
    """A fault of an appraiser's row lies at the file's door, not at the unit the appraiser belongs to."""
    return Fault(fault.check, "", "", fault.location, fault.found, fault.expected)


def nobody_responsible(frameworks: Mapping[str, Framework], responsibilities: pd.DataFrame) -> list[Fault]:
    """Appraisal leaves no code of appraisers.csv reaches."""
    found = []
    for key, framework in frameworks.items():
        leaves = Permissions(framework, responsibilities).leaves
        bare = [
            leaf.code
            for leaf in framework.leaves
            if leaf.source == "appraisal" and not (leaves[leaf.code].appraisers or leaves[leaf.code].fallbacks)
        ]
        found += [Fault("leaf-without-appraiser", code=code, location="appraisers.csv", found=key) for code in bare]
    return found
