"""What if: the same inputs under other maxima, other bands or one other leaf; nothing of it is ever stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from models.rules.corrections import apply_corrections
from models.rules.cycle import Band, CycleInputs
from models.rules.framework import Criterion, Framework, Leaf, ReformField
from models.rules.marks import POINTS, Cells
from models.rules.numbers import half_up, plain, round_half_up
from models.rules.scoring import Sheet, score
from models.rules.totals import Standing, standings, totals

SIMULATION = "MÔ PHỎNG – KHÔNG PHẢI KẾT QUẢ / SIMULATION – NOT A RESULT"


@dataclass(frozen=True)
class WhatIf:
    """What is changed. maxima: by framework and leaf; bands: by bloc; leaf: unit, code and inputs, as a mark has them
    (a survey or statistics leaf: its points); {} for none."""

    maxima: Mapping[tuple[str, str], str] = field(default_factory=dict)
    bands: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
    leaf: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """One unit before and after."""

    before: Standing
    after: Standing

    @property
    def moved(self) -> bool:
        """Whether index, rank or class differ."""
        one, other = self.before, self.after
        same = (one.rank, one.classification, one.total.index) == (other.rank, other.classification, other.total.index)
        return not same


def simulate(inputs: CycleInputs, what: WhatIf) -> list[Changed]:
    """Every scored unit before and after, in the order of after. Pure: inputs stay as they are.

    A leaf's points keep their share of its maximum: 3 of 4 become 4.5 of 6, whatever the rule; rounded once, as a
    leaf's points are.
    """
    before = {line.total.unit: line for line in _standings(inputs, score(inputs))}
    settings = inputs.settings
    blocs = tuple(replace(bloc, bands=what.bands.get(bloc.key, bloc.bands)) for bloc in settings.blocs)
    changed = _with_leaf(replace(inputs, settings=replace(settings, blocs=blocs)), what.leaf)
    sheets = {key: _with_maxima(_with_points(sheet, what.leaf), what.maxima) for key, sheet in score(changed).items()}
    after = replace(changed, frameworks=dict(changed.frameworks) | {key: one.framework for key, one in sheets.items()})
    return [Changed(before[line.total.unit], line) for line in _standings(after, sheets)]


def _standings(inputs: CycleInputs, sheets: Mapping[str, Sheet]) -> list[Standing]:
    return standings(inputs, totals(inputs, sheets))


def _with_leaf(inputs: CycleInputs, leaf: Mapping[str, str]) -> CycleInputs:
    """An appraisal leaf's inputs as a second mark that outranks; not applicable as an exemption."""
    if not leaf:
        return inputs
    if leaf.get("not_applicable"):
        body = {"unit": leaf["unit"], "code": leaf["code"], "exempt": "yes"}
    elif _leaf(inputs, leaf).source == "appraisal":
        body = dict(leaf)
    else:
        return inputs
    return apply_corrections(inputs, [(_after_all(inputs), "", SIMULATION, SIMULATION, body)])


def _after_all(inputs: CycleInputs) -> int:
    """A number above every correction in force."""
    return 1 + max((int(text) for text in inputs.marks["correction"].tolist() if text), default=0)


def _leaf(inputs: CycleInputs, leaf: Mapping[str, str]) -> Leaf:
    bloc = inputs.units.loc[(inputs.units["unit"] == leaf["unit"]).to_numpy(), "bloc"].iloc[0]
    return inputs.framework_of(bloc).leaf[leaf["code"]]


def _with_points(sheet: Sheet, leaf: Mapping[str, str]) -> Sheet:
    """Points of a survey or statistics leaf set as given."""
    if not leaf or leaf["unit"] not in sheet.units or leaf.get("not_applicable"):
        return sheet
    codes = [one.code for one in sheet.framework.leaves]
    column = codes.index(leaf["code"])
    if sheet.framework.leaves[column].source == "appraisal":
        return sheet
    row = sheet.units.get_loc(leaf["unit"])
    final = Cells(sheet.final.state.copy(), sheet.final.values.astype(object), sheet.final.reason.copy())
    final.state[row, column] = POINTS
    final.values[row, column] = round_half_up(Fraction(leaf["points"]), sheet.framework.leaf_decimals)
    final.reason[row, column] = SIMULATION
    return replace(sheet, final=final)


def _with_maxima(sheet: Sheet, maxima: Mapping[tuple[str, str], str]) -> Sheet:
    """The sheet with these leaves' maxima, their points in proportion; what units claimed for them too."""
    framework = sheet.framework
    given = {code: maximum for (key, code), maximum in maxima.items() if key == framework.id}
    if not given:
        return sheet
    grids = []
    for cells in (sheet.own, sheet.final):
        values = cells.values.astype(object)
        for column, leaf in enumerate(framework.leaves):
            if leaf.code in given and Fraction(leaf.maximum):
                share = Fraction(given[leaf.code]) / Fraction(leaf.maximum)
                values[:, column] = half_up(values[:, column] * share.numerator, share.denominator)
        grids.append(Cells(cells.state, values, cells.reason))
    return replace(sheet, framework=_reweighed(framework, given), own=grids[0], final=grids[1])


def _reweighed(framework: Framework, given: Mapping[str, str]) -> Framework:
    """The framework with these leaf maxima, and every sum above them."""
    fields = []
    for part in framework.fields:
        criteria = []
        for criterion in part.criteria:
            leaves = tuple(replace(leaf, maximum=given.get(leaf.code, leaf.maximum)) for leaf in criterion.leaves)
            criteria.append(replace(criterion, leaves=leaves, maximum=_sum(leaves)))
        fields.append(replace(part, criteria=tuple(criteria), maximum=_sum(criteria)))
    return replace(framework, fields=tuple(fields), maximum=_sum(fields))


def _sum(parts: Sequence[Leaf | Criterion | ReformField]) -> str:
    return plain(sum((Fraction(part.maximum) for part in parts), Fraction(0)))
