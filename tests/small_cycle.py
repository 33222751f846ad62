"""Writes a small cycle folder that uses every file of the contract; tests change it to what they need."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from pypdf import PdfWriter

FRAMEWORK = """\
id: nho
title: Bộ tiêu chí nhỏ để kiểm thử
decision: {number: 1/QĐ-UBND, issued_on: 2020-12-16, issuer: UBND tỉnh}
maximum: "20"
bonus_maximum: "1"
fields:
  - code: "1"
    name: Chỉ đạo, điều hành
    maximum: "8"
    criteria:
      - code: "1.1"
        name: Kế hoạch
        maximum: "5"
        sub_criteria:
          - {code: "1.1.1", name: Ban hành kế hoạch, maximum: "1", source: appraisal, evidence: required, checked_on: null, rule: {kind: pass_fail}}
          - {code: "1.1.2", name: Mức hoàn thành, maximum: "2", source: appraisal, evidence: optional, checked_on: 2021-01-01, rule: {kind: ratio, floor: "50"}}
          - {code: "1.1.10", name: Báo cáo chậm, maximum: "2", source: appraisal, evidence: none, checked_on: 2021-01-01, rule: {kind: deduction, per_unit: "0.5", minimum: "-1"}}
      - {code: "1.2", name: Sáng kiến, maximum: "3", source: appraisal, evidence: none, checked_on: 2021-01-01, rule: {kind: judgement}}
  - code: "2"
    name: Tác động
    maximum: "12"
    criteria:
      - code: "2.1"
        name: Điều tra
        maximum: "8"
        sub_criteria:
          - code: "2.1.1"
            name: Hài lòng
            maximum: "8"
            source: survey
            evidence: none
            checked_on: 2021-01-01
            rule: {kind: survey, questions: ["q1"], options: {A: "100", B: "60", C: "20", D: "0"}, group_weights: {dan: "2", lanh_dao: "1"}, minimum_valid: {dan: 2}}
      - {code: "2.2", name: Thu ngân sách, maximum: "4", source: statistics, evidence: none, checked_on: 2021-01-01}
"""
CYCLE = """\
id: nho-2020
name: Kỳ nhỏ năm 2020
year: 2020
blocs:
  so: {name: "Sở, ban, ngành", framework: nho}
bands:
  - {name: Tốt, floor: "80"}
  - {name: Khá, floor: "50"}
  - {name: Yếu, floor: "0"}
"""
UNITS = ("alpha", "beta", "gamma")


def table(header: str, *rows: tuple[object, ...]) -> str:
    """CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def files(units: tuple[str, ...] = UNITS) -> dict[str, str | bytes]:
    """A complete cycle in which nothing is missing; alpha 85 %, the others less."""
    made: dict[str, str | bytes] = {
        "cycle.yaml": CYCLE,
        "frameworks/nho/framework.yaml": FRAMEWORK,
        "units.csv": table("unit,name,bloc", *[(unit, f"Sở {unit.title()}", "so") for unit in units]),
        "appraisers.csv": table(
            "appraiser,name,codes,unit,fallback",
            ("noi-vu", "Sở Nội vụ", "1", "", ""),
            ("tu-phap", "Sở Tư pháp", "1.2", "", ""),
        ),
        "previous/results.csv": table(
            "unit,index,rank", *[(unit, f"7{number}.5", number) for number, unit in enumerate(units, 1)]
        ),
    }
    marks, judged, answers, numbers = [], [], [], []
    for number, unit in enumerate(units):
        base = f"inbox/{unit}/"
        made[base + "self_assessment.csv"] = table(
            "code,met,numerator,denominator,count,points,explanation",
            ("1.1.1", "yes", "", "", "", "1", ""),
            ("1.1.2", "", 9 - number % 4, 10, "", "", ""),
            ("1.1.10", "", "", "", number % 3, "", ""),
            ("1.2", "", "", "", "", "2.5", ""),
        )
        made[base + "evidence.csv"] = table(
            "code,document_number,issuer,issued_on,title,file,pages",
            ("1.1.1", f"{number + 1}/KH-S", "Sở", "15/01/2020", "Kế hoạch", "", "1-2"),
        )
        marks += [(unit, code, 1, "yes", "", "", "") for code in ("1.1.1", "1.1.2", "1.1.10")]
        judged.append((unit, "1.2", 1, "", "2.25", "Chưa nhân rộng", ""))
        numbers.append((unit, "2.2", f"3.{number}", "Cục Thống kê"))
        answers += [(f"d{i}", "dan", unit, "q1", "ABC"[(i + number) % 3]) for i in range(6)]
        answers += [("l1", "lanh_dao", unit, "q1", "A")]
    made["appraisal/noi-vu/marks.csv"] = table("unit,code,round,agree,points,reason,explanation_required", *marks)
    made["appraisal/tu-phap/marks.csv"] = table("unit,code,round,agree,points,reason,explanation_required", *judged)
    made["survey/responses.csv"] = table("respondent,group,unit,question,answer", *answers)
    made["statistics.csv"] = table("unit,code,points,source", *numbers)
    return made


def write(folder: Path, made: dict[str, str | bytes]) -> Path:
    """Write files below a folder and give the folder."""
    for path, content in made.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def pdf(title: str) -> bytes:
    """A PDF of one empty page, the same bytes every time."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
