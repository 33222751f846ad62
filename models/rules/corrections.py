"""Corrections after publication are records laid over the inputs; nothing received is edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from models.rules.cycle import CycleInputs
from models.rules.frames import ADJUSTMENTS, CORRECTIONS, EXEMPTIONS, INPUTS, MARKS, frame

Record = tuple[int, str, str, str, Mapping[str, str]]  # number, decision, decided_by, reason, what


def apply_corrections(inputs: CycleInputs, records: Sequence[Record]) -> CycleInputs:
    """The inputs with corrections in force: a second mark that outranks, an exemption, a bonus or penalty.

    records: in the order decided; a body has unit, and code with round-2 statement, or kind and points, or
    code and exempt: yes. Source: contract, parindex correct.
    """
    marks, exemptions, adjustments = [], [], []
    for number, decision, decided_by, reason, body in records:
        by = f"{decided_by} ({decision})" if decision else decided_by
        if body.get("exempt"):
            exemptions.append({"unit": body["unit"], "code": body["code"], "reason": reason, "approved_by": by})
        elif body.get("kind"):
            adjustments.append({**body, "reason": reason, "decided_by": by})
        else:
            stated = {name: body.get(name, "") for name in (*INPUTS, "agree", "not_applicable")}
            marks.append(
                {
                    "unit": body["unit"],
                    "code": body["code"],
                    "round": "2",
                    "appraiser": decided_by,
                    "reason": body.get("reason") or reason,
                    "correction": str(number),
                    **stated,
                }
            )
    return replace(
        inputs,
        marks=_more(inputs.marks, frame(marks, MARKS)),
        exemptions=_more(inputs.exemptions, frame(exemptions, EXEMPTIONS)),
        adjustments=_more(inputs.adjustments, frame(adjustments, ADJUSTMENTS)),
        corrections=frame([_told(record) for record in records], CORRECTIONS),
    )


def _told(record: Record) -> dict[str, str]:
    """One record as readers of a publication see it: a row of CORRECTIONS."""
    number, decision, decided_by, reason, body = record
    kind = "exempt" if body.get("exempt") else body.get("kind") or "mark"
    names = () if kind == "exempt" else ("agree", "not_applicable", *INPUTS)
    return {
        "number": str(number),
        "unit": body["unit"],
        "code": body.get("code", ""),
        "kind": kind,
        "stated": "; ".join(f"{name}={body[name]}" for name in names if body.get(name)),
        "decision": decision,
        "decided_by": decided_by,
        "reason": body.get("reason") or reason,
    }


def _more(present: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([present, added], ignore_index=True) if len(added) else present
