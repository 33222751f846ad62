"""Tables that several documents show: a bloc's results, its classes, its fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from flows.reports.document import Column, Row, Table, comma, comma_fixed
from flows.reports.version import Version
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.numbers import show

RESULTS = (
    Column("Hạng", 13, "center"),
    Column("Đơn vị", 58),
    Column("Điểm", 20, "right"),
    Column("Điểm tối đa được tính", 20, "right"),
    Column("Chỉ số (%)", 19, "right"),
    Column("Xếp loại", 19, "center"),
    Column("So với năm trước", 19, "right"),
)


def results_table(version: Version, bloc: str) -> Table:
    """Every published unit of a bloc in published order; those without a rank last."""
    rows = version.given.of_bloc(bloc)
    told = rows_of(rows, "rank", "name", "points", "maximum", "index", "classification", "comparable", "index_change")
    return Table(
        RESULTS,
        tuple(
            Row(
                (rank or "–", name, comma_fixed(points), comma(maximum), comma_fixed(index), kind or "–",
                 _signed(change) if comparable == "yes" else "–")
            )
            for rank, name, points, maximum, index, kind, comparable, change in told
        ),
    )  # fmt: skip


def _signed(change: str) -> str:
    return comma_fixed(change if change.startswith("-") or not change.strip("0.") else f"+{change}")


def class_counts(version: Version, bloc: str) -> str:
    """How many units in each class, highest first: Tốt 2, Khá 17."""
    counted = Counter(version.given.of_bloc(bloc)["classification"].tolist())
    return ", ".join(f"{name} {counted[name]}" for name, _ in version.given.bands[bloc] if counted[name]) or "–"


def bands_line(version: Version, bloc: str) -> str:
    """Classes and their floors."""
    return "Xếp loại: " + "; ".join(f"{name} từ {comma(floor)}%" for name, floor in version.given.bands[bloc]) + "."


def field_percents(version: Version) -> dict[tuple[str, str], Fraction]:
    """Points in percent of what applies, by unit and field; where a field does not apply there is none."""
    scores = version.given.scores
    fields = scores[(scores["level"] == "field").to_numpy()]
    return {
        (unit, code): Fraction(final or "0") / Fraction(applicable) * 100
        for unit, code, final, applicable in rows_of(fields, "unit", "code", "final", "applicable")
        if Fraction(applicable)
    }


def fields_table(version: Version, bloc: str) -> Table:
    """Percent of each field by unit, fields numbered as in the framework."""
    given, percents = version.given, field_percents(version)
    rows = given.of_bloc(bloc)
    framework = given.frameworks[rows["framework"].iloc[0]]
    columns = (Column("Đơn vị", 55), *(Column(part.code, 13, "right") for part in framework.fields))
    made = []
    for unit, name in rows_of(rows, "unit", "name"):
        cells = [percents.get((unit, part.code)) for part in framework.fields]
        made.append(Row((name, *("–" if one is None else comma_fixed(show(one, 2)) for one in cells))))
    return Table(columns, tuple(made))


def field_names(framework: Framework) -> Iterator[str]:
    """1: name; … what the columns of fields_table stand for."""
    for part in framework.fields:
        yield f"{part.code}: {part.name} ({comma(part.maximum)} điểm)"
