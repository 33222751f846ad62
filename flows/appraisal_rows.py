"""What an appraiser's worksheet lists: every unit and leaf they may mark, never their own, with what stands so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from flows.publication.figure_words import FLAGS, short_number, spelled
from flows.publication.form_guide import day
from flows.publication.rule_words import rule_on_paper
from models.rules import frames
from models.rules.cycle import CycleInputs
from models.rules.frames import INPUTS, rows_of
from models.rules.framework import Leaf
from models.rules.marks import OUT, POINTS, Cells
from models.rules.numbers import show_scaled
from models.rules.permissions import Permissions
from models.rules.scoring import Sheet, score

MARK = ("agree", *INPUTS, "not_applicable", "reason", "explanation_required")
EXPLANATIONS = ("unit", "code", "text", "file")
FIGURES = tuple(name for name in INPUTS if name != "points")
NOT_YET = "(đơn vị chưa giải trình)"
Row = dict[str, str]
Key = tuple[str, str]


@dataclass(frozen=True)
class Listed:
    """One appraiser's rows. first: every leaf, with their marks of round 1; second: what round 2 asks of them.

    documents: unit, code and the columns of the evidence register, for the leaves listed.
    """

    name: str
    first: pd.DataFrame
    second: pd.DataFrame
    documents: pd.DataFrame


@dataclass
class _Gathered:
    first: list[Row] = field(default_factory=list)
    second: list[Row] = field(default_factory=list)
    documents: list[Row] = field(default_factory=list)


def listed(inputs: CycleInputs, explanations: pd.DataFrame | None = None) -> dict[str, Listed]:
    """By appraiser, in order of their codes. explanations: columns EXPLANATIONS, as units sent them for round 2."""
    known = Known(inputs, frames.empty(EXPLANATIONS) if explanations is None else explanations)
    people = dict(rows_of(inputs.responsibilities, "appraiser", "name"))
    found: dict[str, _Gathered] = {}
    for who, unit, leaf in _may_mark(inputs):
        mine, told = found.setdefault(who, _Gathered()), known.told(unit, leaf)
        mine.first.append({**told, "round": "1", **known.mark(who, "1", unit, leaf.code)})
        mine.documents += known.documents.get((unit, leaf.code), [])
        if known.asked(unit, leaf.code) or (who, "2", unit, leaf.code) in known.marks:
            second = {**told, **known.answer(unit, leaf.code), "round": "2", **known.mark(who, "2", unit, leaf.code)}
            mine.second.append(second)
    return {
        who: Listed(people[who], *map(_frame, (one.first, one.second, one.documents)))
        for who, one in sorted(found.items())
    }


def records(rows: pd.DataFrame) -> list[Row]:
    """The rows of a frame of text."""
    return rows.to_dict("records")  # type: ignore[return-value]  # all its columns are text


def _frame(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, dtype="str")


def _may_mark(inputs: CycleInputs) -> Iterator[tuple[str, str, Leaf]]:
    """Who may mark which leaf of which unit, unit after unit."""
    for framework_id, framework in inputs.frameworks.items():
        permissions = Permissions(framework, inputs.responsibilities)
        for unit, bloc in rows_of(inputs.units, "unit", "bloc"):
            if inputs.settings.bloc(bloc).framework == framework_id:
                for leaf in framework.leaves:
                    if leaf.source == "appraisal":
                        for who in permissions.who_may_mark(unit, leaf.code):
                            yield who, unit, leaf


@dataclass
class Known:
    """The cycle's rows by what they are looked up by."""

    inputs: CycleInputs
    explanations: pd.DataFrame

    @cached_property
    def sheets(self) -> dict[str, tuple[Sheet, int]]:
        """By unit: its sheet and its row there."""
        return {
            unit: (sheet, row) for sheet in score(self.inputs).values() for row, unit in enumerate(sheet.units.tolist())
        }

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Units' names."""
        return dict(rows_of(self.inputs.units, "unit", "name"))

    @cached_property
    def claims(self) -> dict[Key, Row]:
        """By unit and code."""
        return {(row["unit"], row["code"]): row for row in records(self.inputs.claims)}

    @cached_property
    def marks(self) -> dict[tuple[str, str, str, str], Row]:
        """By appraiser, round, unit and code; decided corrections are nobody's marks."""
        rows = self.inputs.marks[(self.inputs.marks["correction"] == "").to_numpy()]
        return {(row["appraiser"], row["round"], row["unit"], row["code"]): row for row in records(rows)}

    @cached_property
    def places(self) -> dict[str, dict[str, int]]:
        """By framework and code: the leaf's place."""
        return {
            key: {leaf.code: place for place, leaf in enumerate(one.leaves)}
            for key, one in self.inputs.frameworks.items()
        }

    @cached_property
    def first_marks(self) -> dict[Key, Row]:
        """By unit and code: a mark of round 1, whoever's."""
        return {(unit, code): row for (_, rounds, unit, code), row in self.marks.items() if rounds == "1"}

    @cached_property
    def asking(self) -> dict[Key, list[str]]:
        """By unit and code: the reasons given where an explanation was asked for."""
        found: dict[Key, list[str]] = {}
        for (_, _, unit, code), row in self.marks.items():
            if row["explanation_required"] == "yes":
                found.setdefault((unit, code), []).append(row["reason"])
        return found

    @cached_property
    def documents(self) -> dict[Key, list[Row]]:
        """By unit and code: evidence, and what was sent with an explanation."""
        found: dict[Key, list[Row]] = {}
        for row in records(self.inputs.evidence):
            found.setdefault((row["unit"], row["code"]), []).append(
                {**row, "unit_name": self.names.get(row["unit"], "")}
            )
        return found

    @cached_property
    def answers(self) -> dict[Key, list[str]]:
        """By unit and code: what the unit explained."""
        found: dict[Key, list[str]] = {}
        for unit, code, text, file in rows_of(self.explanations, *EXPLANATIONS):
            found.setdefault((unit, code), []).append(text or f"(xem tệp {file})")
        return found

    def asked(self, unit: str, code: str) -> bool:
        """Whether an explanation was asked for and no second mark has settled it."""
        sheet, row = self.sheets[unit]
        return bool(sheet.asked[row, self._place(sheet, code)])

    def mark(self, who: str, number_of_round: str, unit: str, code: str) -> Row:
        """This appraiser's mark as it stands, as a form writes it; every cell empty where there is none."""
        row = self.marks.get((who, number_of_round, unit, code))
        if row is None:
            return dict.fromkeys(MARK, "")
        return {
            name: FLAGS.get(row[name], row[name]) if name not in ("option", "reason") else row[name] for name in MARK
        }

    def told(self, unit: str, leaf: Leaf) -> Row:
        """The leaf, and what the unit gave for it."""
        sheet, row = self.sheets[unit]
        place, claim = self._place(sheet, leaf.code), self.claims.get((unit, leaf.code), {})
        documents = self.documents.get((unit, leaf.code), [])
        return {
            "unit": unit,
            "unit_name": self.names[unit],
            "code": leaf.code,
            "name": leaf.name,
            "rule": rule_on_paper(leaf),
            "maximum": leaf.maximum,
            "inputs": spelled(claim, FIGURES) if claim else "",
            "self": _points(sheet, sheet.own, row, place),
            "told": "\n".join(_said(claim)),
            "evidence": "\n".join(_document(one) for one in documents)
            or ("" if leaf.evidence == "none" else "(không có)"),
            "uses": ",".join(leaf.rule.inputs) if leaf.rule else "",
            "options": "\n".join(option.value for option in getattr(leaf.rule, "options", ())),
        }

    def answer(self, unit: str, code: str) -> Row:
        """The first appraisal, what was to be explained, and the unit's answer."""
        sheet, row = self.sheets[unit]
        first = self.first_marks.get((unit, code))
        figures = spelled(first, FIGURES) if first else ""
        worth = _points(sheet, sheet.first, row, self._place(sheet, code))
        worth = f"{short_number(worth)} điểm" if worth and worth[0] in "-0123456789" else worth
        return {
            "first": "\n".join(part for part in (figures, worth) if part),
            "asked": "\n".join(dict.fromkeys(self.asking.get((unit, code), []))),
            "told": "\n".join(self.answers.get((unit, code), [NOT_YET])),
        }

    def _place(self, sheet: Sheet, code: str) -> int:
        return self.places[sheet.framework.id][code]


def _points(sheet: Sheet, cells: Cells, row: int, place: int) -> str:
    state = cells.state[row, place]
    if state == OUT:
        return "không áp dụng"
    return show_scaled(int(cells.values[row, place]), sheet.framework.leaf_decimals) if state == POINTS else ""


def _said(claim: Mapping[str, str]) -> Iterator[str]:
    """The unit's own words beside its figures."""
    if claim.get("not_applicable"):
        yield f"Đề nghị không áp dụng: {claim['not_applicable']}"
    if claim.get("explanation"):
        yield claim["explanation"]


def _document(row: Mapping[str, str]) -> str:
    """A document in one line."""
    if row["kind"] == "explanation":
        return f"Kèm giải trình: {row['file']}"
    issued = f" ngày {day(row['issued_on'])}" if row["issued_on"] else ""
    pages = f", {'' if 'tr' in row['pages'].casefold() else 'trang '}{row['pages']}" if row["pages"] else ""
    return f"{row['document_number']}{issued}{pages}" + (f" – {row['file']}" if row["file"] else " (bản giấy)")
