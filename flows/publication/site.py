"""The published site: static pages that need no server, no script and nothing from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from flows.publication.bars import Bar, bar, index_chart
from flows.publication.form_guide import day, decision_line
from flows.publication.reader_notes import DECIMAL_MARK, SOURCES, unit_warnings, version_line, warnings
from flows.publication.rule_words import rule_in_words
from flows.publication.score_sheet import WANTED
from flows.publication.site_input import SiteInput, site_input
from flows.publication.site_rows import (
    APPLICABLE,
    CELLS,
    CODE,
    FINAL,
    LEVEL,
    NAME,
    Line,
    Percents,
    Rows,
    framework_lines,
    lines_by_unit,
    losses,
    signed,
    trimmed,
    units,
)
from models.rules.frames import rows_of
from models.rules.framework import Framework

__all__ = ["SiteInput", "render_site", "site_input"]

MENU = (
    ("index.html", "Kết quả", "Results"),
    ("fields.html", "Theo lĩnh vực", "By field"),
    ("method.html", "Phương pháp", "Method"),
    ("verify.html", "Kiểm chứng", "Verify"),
)
FILES: Mapping[str, tuple[str, str]] = {
    "results.csv": ("chỉ số, hạng, xếp loại của từng đơn vị", "index, rank and class of every unit"),
    "scores.csv": ("điểm từng mục của từng đơn vị", "every score of every unit"),
    "findings.csv": ("các phát hiện về số liệu đã dùng", "findings on the inputs used"),
    "inputs/": ("số liệu đầu vào để tính lại", "inputs to compute again from"),
    "audit.jsonl": ("nhật ký của kỳ đánh giá, nối bằng mã băm", "the cycle's audit chain"),
    "verify.py": ("chương trình tự kiểm chứng", "the verification program"),
    "manifest.json": ("kê khai mọi tệp với mã băm", "every file with its digest"),
}


@cache
def environment() -> Environment:
    """The templates, compiled once; everything is escaped and a missing name is an error."""
    made = Environment(
        loader=PackageLoader("flows.publication"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"trimmed": trimmed, "signed": signed}
    return made


def render_site(given: SiteInput) -> dict[str, bytes]:
    """Every file of the site as bytes by relative path; the same input gives the same bytes."""
    pages = {
        "style.css": resources.files("flows.publication").joinpath("templates/style.css").read_bytes(),
    }
    common = {
        "given": given,
        "version": version_line(given),
        "warnings": list(warnings(given)),
        "decimal_mark": DECIMAL_MARK,
        "menu": MENU,
        "root": "",
    }
    lines = lines_by_unit(given)
    details: Mapping[str, Mapping[str, object]] = {
        "index.html": _index(given),
        "fields.html": {"blocs": list(_fields(given, lines))},
        "method.html": _method(given),
        "verify.html": {"files": _files(given.files)},
    }
    for page, told in details.items():
        text = environment().get_template(page).render(**common, **told, page=page)
        pages[page] = text.encode()
    template = environment().get_template("unit.html")
    for unit, told in _units(given, lines):
        text = template.render(**(common | {"root": "../"} | told), page="")
        pages[f"unit/{unit}.html"] = text.encode()
    return pages


def _index(given: SiteInput) -> dict[str, object]:
    everyone = units(given)
    blocs = []
    for key, name in given.shown_blocs:
        rows = [row for row in everyone if row["bloc"] == key]
        told = [(str(row["name"]), str(row["index"]), str(row["classification"])) for row in rows]
        order = {label: place for place, (label, _) in enumerate(given.bands.get(key, ()))}
        classes = Counter(kind for _, _, kind in told if kind)
        blocs.append(
            {
                "name": name,
                "count": len(rows),
                "classes": sorted(classes.items(), key=lambda one: (order.get(one[0], 99), one[0])),
                "chart": index_chart(name, told),
                "rows": rows,
            }
        )
    return {"blocs": blocs, "decisions": [(one, decision_line(one)) for one in given.used]}


def _fields(given: SiteInput, lines: Mapping[str, list[Line]]) -> Iterator[dict[str, object]]:
    percents, everyone = Percents(given.decimals), units(given)
    for key, name in given.shown_blocs:
        rows = [row for row in everyone if row["bloc"] == key]
        framework = given.frameworks[str(rows[0]["framework"])]
        told = []
        for row in rows:
            by_code = {line[CODE]: line for line in lines[str(row["unit"])] if line[LEVEL].startswith("field")}
            cells = [percents.of(by_code[part.code]) or "–" for part in framework.fields]
            told.append((row["name"], row["href"], cells, row["index"]))
        yield {"name": name, "fields": framework.fields, "rows": told}


def _method(given: SiteInput) -> dict[str, object]:
    return {
        "bands": [(name, given.bands[key]) for key, name in given.shown_blocs if given.bands.get(key)],
        "frameworks": [(one, decision_line(one), list(_law(one))) for one in given.used],
    }


def _law(framework: Framework) -> Iterator[dict[str, object]]:
    """Every field, criterion and leaf with its rule in words, where it comes from, whether it was checked."""
    for level, code, name, maximum in framework_lines(framework):
        told: dict[str, object] = {
            "level": level,
            "code": code,
            "name": name,
            "maximum": maximum,
            "rule": None,
        }
        if level == "leaf":
            leaf = framework.leaf[code]
            told |= {
                "rule": (rule_in_words(leaf), rule_in_words(leaf, "en")),
                "source": SOURCES[leaf.source],
                "evidence": WANTED[leaf.evidence],
                "reference": leaf.reference,
                "checked": day(leaf.checked_on) if leaf.checked_on else "",
            }
        yield told


def _files(paths: Sequence[str]) -> list[tuple[str, tuple[str, str] | None]]:
    """Files to be listed with a word on each; those of inputs/ are told of once."""
    shown = dict.fromkeys("inputs/" if path.startswith("inputs/") else path for path in sorted(paths))
    return [(path, FILES.get(path)) for path in shown]


def _units(given: SiteInput, lines: Mapping[str, list[Line]]) -> Iterator[tuple[str, dict[str, object]]]:
    blocs, percents = dict(given.blocs), Percents(given.decimals)
    peers = Counter(bloc for bloc, rank in rows_of(given.results, "bloc", "rank") if rank)
    decisions = {one.id: decision_line(one) for one in given.used}
    row_of = environment().get_template("unit_row.html").module.row  # type: ignore[attr-defined]  # a macro
    rows = Rows(str(row_of(*["%s"] * CELLS)))
    for row in units(given, "../"):
        unit, framework = str(row["unit"]), given.frameworks[str(row["framework"])]
        mine = lines[unit]
        yield (
            unit,
            {
                "unit": row,
                "bloc": blocs[str(row["bloc"])],
                "peers": peers[row["bloc"]],
                "decision": decisions[framework.id],
                "warnings": list(unit_warnings(given, unit, framework, str(row["comparable"]))),
                "fields": [_field_bar(line, percents) for line in mine if line[LEVEL].startswith("field")],
                "losses": losses(mine),
                "rows": rows.of(mine),
            },
        )


def _field_bar(line: Line, percents: Percents) -> Bar:
    percent = percents.of(line)
    label = f"{line[CODE]}. {line[NAME]}"
    if not percent:
        return bar(label, "–", "", "không áp dụng")
    return bar(label, f"{percent}%", percent, f"{line[FINAL]} / {line[APPLICABLE]}")
