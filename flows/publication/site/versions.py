"""The page of versions: what was decided after a publication, and every published cell that differs since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flows.publication.site.dictionary import meanings
from flows.publication.site.rows import href
from flows.publication.site_input import SiteInput, wording
from models.rules.frames import rows_of

MOST = 500  # cells told on the page; changes.csv has them all
Told = Callable[[str, str], dict[str, object]]
KINDS = {
    "mark": ("điểm thẩm định lần 2", "second mark"),
    "exempt": ("miễn chấm", "exempted"),
    "bonus": ("điểm thưởng", "bonus"),
    "penalty": ("điểm phạt", "penalty"),
}


def versions(given: SiteInput) -> dict[str, object]:
    """What versions.html is rendered from."""
    names = dict(rows_of(given.results, "unit", "name"))
    frameworks = dict(rows_of(given.results, "unit", "framework"))
    words = {framework.id: wording(framework) for framework in given.used}

    def told(unit: str, code: str) -> dict[str, object]:
        """A unit that is not published is in neither table, so its name is known."""
        return {
            "unit": names.get(unit, unit),
            "href": href(unit) if unit in names else "",
            "code": code,
            "wording": words.get(frameworks.get(unit, ""), {}).get(code, ""),
        }

    return {
        "corrections": list(_decisions(given, told)),
        "changes": list(_cells(given, told)),
        "count": len(given.changes),
        "units_changed": len(set(given.changes["unit"])),
    }


def _decisions(given: SiteInput, told: Told) -> Iterator[dict[str, object]]:
    """Decisions in the order they were recorded, each with what it decided."""
    columns = ("number", "decision", "decided_by", "unit", "code", "kind", "stated", "reason")
    found: dict[str, dict[str, object]] = {}
    for number, decision, by, unit, code, kind, stated, reason in rows_of(given.corrections, *columns):
        one = found.setdefault(number, {"number": number, "decision": decision, "by": by, "parts": []})
        part = told(unit, code) | {"kind": KINDS.get(kind, (kind, kind)), "stated": stated, "reason": reason}
        one["parts"].append(part)  # type: ignore[attr-defined]  # a list, made above
    yield from found.values()


def _cells(given: SiteInput, told: Told) -> Iterator[Mapping[str, object]]:
    known = meanings()
    columns = ("table", "unit", "code", "column", "before", "after")
    for table, unit, code, column, before, after in rows_of(given.changes.head(MOST), *columns):
        meaning = known.get((f"{table}.csv", column), (column, column))
        yield told(unit, code) | {"column": column, "meaning": meaning, "before": before, "after": after}
