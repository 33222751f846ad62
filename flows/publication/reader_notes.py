"""What every reader must be told beside the figures: warnings and notes, Vietnamese with English beside."""

from __future__ import annotations

from collections.abc import Iterator

from flows.publication.site_input import SiteInput
from models.rules.framework import Framework

Line = tuple[str, str]

SYNTHETIC: Line = (
    "Số liệu minh hoạ: không phải kết quả thật của bất kỳ cơ quan nào.",
    "Synthetic figures: not the real results of any agency.",
)
DECIMAL_MARK: Line = (
    "Dấu chấm trong số là dấu thập phân.",
    "The point in a number is the decimal mark.",
)
SOURCES: dict[str, Line] = {
    "appraisal": ("thẩm định", "appraisal"),
    "survey": ("điều tra xã hội học", "survey"),
    "statistics": ("số liệu thống kê", "statistics"),
}
LEVELS: dict[str, Line] = {
    "field": ("lĩnh vực", "field"),
    "criterion": ("tiêu chí", "criterion"),
    "leaf": ("mục chấm điểm", "leaf"),
}


def warnings(given: SiteInput) -> Iterator[Line]:
    """Warnings on the whole publication, in the order of their weight."""
    if given.synthetic:
        yield SYNTHETIC
    for framework in given.used:
        yield from _unchecked(framework)
    for bloc, before, now in given.changed:
        yield _changed(bloc, before, now)


def unit_warnings(given: SiteInput, unit: str, framework: Framework, comparable: str) -> Iterator[Line]:
    """Those of the warnings that concern one unit."""
    if given.synthetic:
        yield SYNTHETIC
    yield from _unchecked(framework)
    before = given.last_frameworks.get(unit, "")
    if comparable == "yes" and before not in ("", framework.id):
        yield _changed("", before, framework.id)


def _unchecked(framework: Framework) -> Iterator[Line]:
    if framework.unchecked:
        count, total, decision = len(framework.unchecked), len(framework.leaves), framework.decision.number
        yield (
            f"Bộ tiêu chí {framework.id}: {count}/{total} mục chưa được đối chiếu với phụ lục của Quyết định "
            f"{decision}.",
            f"Framework {framework.id}: {count} of {total} leaves were never compared with the annex of "
            f"decision {decision}.",
        )


def _changed(bloc: str, before: str, now: str) -> Line:
    place = f"{bloc}: " if bloc else ""
    return (
        f"{place}bộ tiêu chí năm nay ({now}) khác năm trước ({before}); so sánh chỉ để tham khảo.",
        f"{place}this year's framework ({now}) is not last year's ({before}); read changes with care.",
    )


def version_line(given: SiteInput) -> Line:
    """Which version this is; a later one replaces those before it."""
    if given.version == 1:
        return "Bản công bố số 1", "Version 1"
    return (
        f"Bản công bố số {given.version}, thay thế bản số {given.version - 1}",
        f"Version {given.version}, replaces version {given.version - 1}",
    )
