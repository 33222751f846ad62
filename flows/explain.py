"""Walks one number back: rank, index, fields, leaves, inputs, marks, evidence, the decision behind the rule."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from flows.cascade import Feed, feeds
from flows.figures import figures_of
from flows.publication.rule_words import rule_in_words
from models.actions.publish import latest_publication
from models.rules.cycle import CycleInputs
from models.rules.errors import WrongCall
from models.rules.frames import INPUTS, rows_of
from models.rules.framework import Leaf
from models.rules.losses import losses
from models.rules.marks import NOTHING, OUT, POINTS, Cells
from models.rules.numbers import show, show_scaled
from models.rules.scoring import Sheet
from models.rules.totals import Standing
from models.storage.database import reading
from models.storage.workspace import Workspace


def explain_unit(workspace: Workspace, cycle: str, unit: str, code: str = "") -> Iterator[str]:
    """Lines of text. Raises WrongCall for a unit that is not scored or a code its framework does not have."""
    with reading(workspace.engine) as session:
        figures, published = figures_of(session, cycle), latest_publication(session, cycle)
        below = [one for one in feeds(session, cycle, figures.inputs.settings.lower) if one.link.unit == unit]
    inputs, sheets, lines = figures.inputs, figures.sheets, figures.lines
    if unit not in set(inputs.units["unit"]):
        raise WrongCall(f"Không có đơn vị được chấm điểm / No scored unit: {unit}")
    line = next(line for line in lines if line.total.unit == unit)
    ranked = sum(one.total.bloc == line.total.bloc and one.rank is not None for one in lines)
    sheet = sheets[line.total.framework]
    if code and code not in sheet.framework.codes:
        raise WrongCall(f"Không có mã / No code {code} in {sheet.framework.id}")
    version = f"bản công bố / version {published.version}" if published else "chưa công bố / not published yet"
    yield f"{inputs.settings.name} · {version}"
    yield from explain_total(inputs, line, sheet, ranked)
    row = sheet.units.tolist().index(unit)
    for leaf_place, leaf in enumerate(sheet.framework.leaves):
        if code and code in sheet.framework.parents[leaf.code]:
            yield from explain_leaf(inputs, sheet, row, leaf_place, leaf, unit)
            for feed in (one for one in below if one.link.code == leaf.code):
                yield from explain_feed(feed)
    if not code:
        yield from explain_losses(sheet, row, line)


def explain_total(inputs: CycleInputs, line: Standing, sheet: Sheet, ranked: int) -> Iterator[str]:
    """Rank among so many ranked units, index, class and the sum behind them."""
    total, own, shown = line.total, sheet.framework.leaf_decimals, inputs.settings.decimals
    name = dict(rows_of(inputs.units, "unit", "name"))[total.unit]
    rank = f"{line.rank}/{ranked}" if line.rank else "không xếp hạng / not ranked"
    yield f"{name} ({total.unit}) · hạng / rank {rank} · xếp loại / class {line.classification or '–'}"
    if total.index is not None:
        yield (
            f"  chỉ số / index = {show(total.points, own)} / {show(total.maximum, own)} × 100 = "
            f"{show(total.index, shown)} (chính xác / exact {total.index})"
        )
    parts = " + ".join(f"{name} {show(value, own)}" for name, value in total.parts.items())
    adjusted = f"thưởng / bonus {show(total.bonus, own)} − phạt / penalty {show(total.penalty, own)}"
    yield f"  điểm / points = {parts} + {adjusted}"
    if line.comparable and line.previous_index is not None and line.index_change is not None:
        yield (
            f"  năm trước / last year: {show(line.previous_index, shown)}, hạng / rank {line.previous_rank or '–'}; "
            f"thay đổi / change {show(line.index_change, shown)}"
        )


def explain_losses(sheet: Sheet, row: int, line: Standing) -> Iterator[str]:
    """Field by field: points, what applies, and every leaf that lost points; losses sum to maximum − points."""
    framework, own = sheet.framework, sheet.framework.leaf_decimals
    place = {leaf.code: number for number, leaf in enumerate(framework.leaves)}
    lost = losses(sheet, row)
    for part in framework.fields:
        lines = []
        got = full = Fraction(0)
        for leaf in (leaf for criterion in part.criteria for leaf in criterion.leaves):
            column = place[leaf.code]
            if sheet.final.state[row, column] == OUT:
                lines.append(f"      {leaf.code} không áp dụng / not applicable: {sheet.final.reason[row, column]}")
                continue
            if sheet.final.state[row, column] == NOTHING:
                lines.append(f"      {leaf.code} chưa có điểm / no points yet: {leaf.name}")
                continue
            full += Fraction(leaf.maximum)
            got += lost[leaf.code].points if leaf.code in lost else Fraction(leaf.maximum)
            if leaf.code in lost:
                one = lost[leaf.code]
                got_of = f"{show(one.points, own)}/{leaf.maximum}, mất / lost {show(one.lost, own)}"
                lines.append(f"      {leaf.code} {leaf.name}: {got_of}" + (f" · {one.reason}" if one.reason else ""))
        yield f"  {part.code}. {part.name}: {show(got, own)} / {show(full, own)}"
        yield from lines
    in_all = sum((one.lost for one in lost.values()), Fraction(0))
    adjusted = line.total.maximum - line.total.points + line.total.bonus - line.total.penalty
    yield f"  tổng mất / lost in all {show(in_all, own)} = tối đa − điểm / maximum − points {show(adjusted, own)}"


def explain_leaf(inputs: CycleInputs, sheet: Sheet, row: int, column: int, leaf: Leaf, unit: str) -> Iterator[str]:
    """One leaf: rule, claim, evidence, marks of both rounds, and what counted."""
    own = sheet.framework.leaf_decimals
    yield f"  {leaf.code} {leaf.name} · tối đa / maximum {leaf.maximum} · {leaf.source}"
    yield f"    cách chấm / rule: {rule_in_words(leaf)}"
    decision = sheet.framework.decision
    checked = leaf.checked_on or "chưa đối chiếu / never compared with the annex"
    issued = f"{decision.number}, {decision.issued_on}, {decision.issuer}"
    yield f"    căn cứ / decision: {' · '.join(part for part in (issued, leaf.reference, checked) if part)}"
    for claim in _rows(inputs.claims, unit, leaf.code):
        yield f"    tự chấm / self: {_inputs(claim)} → {_cell(sheet.own, row, column, own)}"
        if claim["not_applicable"]:
            yield f"      đề nghị không áp dụng / claims not applicable: {claim['not_applicable']}"
        if claim["explanation"]:
            yield f"      giải trình / explanation: {claim['explanation']}"
    for document in _rows(inputs.evidence, unit, leaf.code):
        yield (
            f"    minh chứng / evidence: {document['document_number']} {document['issuer']} {document['issued_on']} "
            f"{document['title']} {document['file']} {document['pages']} {document['sha256'][:16]}"
        ).rstrip()
    for mark in sorted(_rows(inputs.marks, unit, leaf.code), key=lambda one: (one["round"], one["appraiser"])):
        said = (
            "đồng ý / agrees"
            if mark["agree"]
            else ("không áp dụng / not applicable" if mark["not_applicable"] else _inputs(mark))
        )
        grid = sheet.first if mark["round"] == "1" else sheet.second
        yield (
            f"    vòng / round {mark['round']} · {mark['appraiser']}: {said} → {_cell(grid, row, column, own)}"
            + (f" · {mark['reason']}" if mark["reason"] else "")
            + (f" · đính chính / correction {mark['correction']}" if mark["correction"] else "")
        )
    if leaf.source == "survey":
        for answer in _rows(inputs.survey_valid, unit, leaf.code):
            yield f"    phiếu hợp lệ / valid respondents {answer['group']}: {answer['valid']}"
        for answer in _rows(inputs.survey_counts, unit, leaf.code):
            yield f"      {answer['group']} {answer['question']} {answer['option']}: {answer['count']}"
    for statistic in _rows(inputs.statistics, unit, leaf.code):
        yield f"    thống kê / statistics: {statistic['points']} · {statistic['source']}"
    why = sheet.final.reason[row, column]
    yield f"    điểm cuối / final: {_cell(sheet.final, row, column, own)}" + (f" · {why}" if why else "")


def explain_feed(feed: Feed) -> Iterator[str]:
    """Where a leaf's figure comes from one level down: the lower cycle, its version and digest, and how to go on."""
    link = feed.link
    if feed.taken is None:
        yield f"    cấp dưới / lower: {feed.said}"
        return
    version, digest = feed.taken
    yield f"    cấp dưới / lower: kỳ / cycle {link.cycle} v{version}, khối / bloc {link.bloc}, manifest sha256 {digest}"
    if feed.behind:
        yield f"      có bản mới hơn / a newer version is there: {feed.said}"
    yield (
        f"      đi tiếp / walk down: parindex export {link.cycle} --version {version} --to DIR · "
        f"parindex explain {link.cycle} UNIT"
    )


def _rows(frame: pd.DataFrame, unit: str, code: str) -> list[dict[str, str]]:
    found = frame[((frame["unit"] == unit) & (frame["code"] == code)).to_numpy()]
    return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]


def _inputs(row: dict[str, str]) -> str:
    return ", ".join(f"{name} {row[name]}" for name in INPUTS if row[name]) or "–"


def _cell(cells: Cells, row: int, column: int, decimals: int) -> str:
    state = cells.state[row, column]
    if state == POINTS:
        return show_scaled(int(cells.values[row, column]), decimals)
    return "không áp dụng / not applicable" if state == OUT else "–"
