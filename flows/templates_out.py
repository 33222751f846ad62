"""Writes blank forms: one workbook per unit, one worksheet per appraiser."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from flows.export import check_local
from flows.half_year import beside_the_form
from flows.publication.forms import appraiser_worksheet, unit_form
from flows.publication.rule_words import rule_in_words
from models.rules.cycle import CycleInputs
from models.rules.errors import WrongCall
from models.rules.frames import INPUTS, rows_of
from models.rules.framework_json import digests
from models.rules.permissions import Permissions
from models.rules.results import scores_frame
from models.rules.scoring import score
from models.storage.database import reading
from models.storage.inputs import load_inputs
from models.storage.workspace import Workspace


def write_templates(workspace: Workspace, cycle: str, to: Path, unit: str = "", midyear: bool = False) -> list[Path]:
    """Write forms below inbox/<unit>/ and worksheets below appraisal/<appraiser>/ of `to`; nothing is overwritten.

    midyear: the units' half-year forms instead.
    Raises WrongCall for a unit that is not scored, or a file that is already there.
    """
    check_local(to)
    with reading(workspace.engine) as session:
        inputs, half = load_inputs(session, cycle), beside_the_form(session, cycle)
    made: dict[Path, bytes] = {}
    names, digest = dict(rows_of(inputs.units, "unit", "name")), digests(inputs.frameworks)
    if unit and unit not in names:
        raise WrongCall(f"Không có đơn vị được chấm điểm / No scored unit: {unit}")
    for code, bloc in rows_of(inputs.units, "unit", "bloc"):
        if not unit or code == unit:
            framework = inputs.framework_of(bloc)
            made[to / "inbox" / code / ("midyear.xlsx" if midyear else "self_assessment.xlsx")] = unit_form(
                inputs.settings.name,
                cycle,
                code,
                names[code],
                framework,
                half_year=None if midyear else half.get(code),
                for_half_year=midyear,
                digest=digest[framework.id],
            )
    if not unit and not midyear:
        for appraiser, rows in worksheets(inputs).items():
            name = rows["appraiser_name"].iloc[0]
            made[to / "appraisal" / appraiser / "marks.xlsx"] = appraiser_worksheet(
                inputs.settings.name, appraiser, name, rows
            )
    for path in made:
        if path.exists():
            raise WrongCall(f"Đã có tệp / The file is already there: {path}")
    for path, data in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return list(made)


def worksheets(inputs: CycleInputs) -> dict[str, pd.DataFrame]:
    """By appraiser: one row per unit and leaf they may mark, with the unit's figures and evidence."""
    people = dict(rows_of(inputs.responsibilities, "appraiser", "name"))
    claims = {
        (row["unit"], row["code"]): ", ".join(f"{name} {row[name]}" for name in INPUTS if row[name])
        for row in inputs.claims.to_dict("records")
    }
    leaves = scores_frame(score(inputs), sorted(inputs.units["unit"]))
    own = dict(zip(rows_of(leaves, "unit", "code"), leaves["self"], strict=True))
    evidence: dict[tuple[str, str], list[str]] = {}
    for row in inputs.evidence.to_dict("records"):
        told = " ".join(part for part in (row["document_number"], row["issued_on"], row["file"]) if part)
        evidence.setdefault((row["unit"], row["code"]), []).append(told)
    rows: dict[str, list[dict[str, str]]] = {}
    for framework_id, framework in inputs.frameworks.items():
        permissions = Permissions(framework, inputs.responsibilities)
        mine = inputs.units.loc[
            [inputs.settings.bloc(bloc).framework == framework_id for bloc in inputs.units["bloc"].tolist()]
        ]
        for unit, name in rows_of(mine, "unit", "name"):
            for leaf in framework.leaves:
                if leaf.source != "appraisal":
                    continue
                for who in permissions.who_may_mark(unit, leaf.code):
                    rows.setdefault(who, []).append(
                        {
                            "appraiser_name": people[who],
                            "unit": unit,
                            "unit_name": name,
                            "code": leaf.code,
                            "name": leaf.name,
                            "maximum": leaf.maximum,
                            "self": own[unit, leaf.code],
                            "inputs": claims.get((unit, leaf.code), ""),
                            "evidence": "; ".join(evidence.get((unit, leaf.code), [])),
                            "rule": rule_in_words(leaf),
                            "uses": ",".join(leaf.rule.inputs) if leaf.rule else "",
                            "options": "\n".join(option.value for option in getattr(leaf.rule, "options", ())),
                        }
                    )
    return {who: pd.DataFrame(found, dtype="str") for who, found in sorted(rows.items())}
