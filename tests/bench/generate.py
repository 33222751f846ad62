"""Writes a contract-conform cycle folder of any size, the same bytes every time."""

from __future__ import annotations

import random
from pathlib import Path

BANDS = '  - {name: Tốt, floor: "80"}\n  - {name: Khá, floor: "65"}\n  - {name: Yếu, floor: "0"}\n'


def framework(leaves: int) -> str:
    """A framework of `leaves` leaves worth one point each, one in ten a survey leaf."""
    lines = [
        "id: do", "title: Bộ tiêu chí để đo",
        "decision: {number: 1/QĐ, issued_on: 2020-01-01, issuer: UBND}", f'maximum: "{leaves}"', "fields:",
    ]  # fmt: skip
    for start in range(0, leaves, 10):
        size = min(10, leaves - start)
        field = start // 10 + 1
        lines += [f'  - code: "{field}"', f"    name: Lĩnh vực {field}", f'    maximum: "{size}"', "    criteria:"]
        for n in range(1, size + 1):
            head = f'      - {{code: "{field}.{n}", name: Tiêu chí {field}.{n}, maximum: "1", checked_on: 2020-01-01, '
            if n == 10:
                lines.append(
                    head + f'source: survey, evidence: none, rule: {{kind: survey, questions: ["q{field}"], '
                    'options: {A: "100", B: "60", C: "20", D: "0"}, group_weights: {dan: "1"}}}'
                )
            else:
                rule = ("{kind: pass_fail}", "{kind: ratio}", '{kind: deduction, per_unit: "0.25"}')[n % 3]
                lines.append(head + f"source: appraisal, evidence: required, rule: {rule}}}")
    return "\n".join(lines) + "\n"


def given(rng: random.Random, n: int) -> str:
    """met,numerator,denominator,count of the leaf's rule."""
    below = rng.randint(1, 400)
    return (
        f"{rng.choice(['yes', 'no'])},,,",
        f",{rng.randint(0, below)},{below},",
        f",,,{rng.randint(0, 5)}",
    )[n % 3]


def small_pdf(text: str) -> bytes:
    """A whole document of one page, under a kilobyte."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1) + table + end


def generate(folder: Path, units: int, leaves: int, respondents: int, files: int = 0) -> None:
    """Write the folder: csv forms, one appraiser who agrees with nine in ten, `respondents` in all.

    files: small PDFs per unit, each proving one leaf.
    """
    rng = random.Random(f"{units}x{leaves}x{respondents}")
    (folder / "frameworks/do").mkdir(parents=True)
    (folder / "frameworks/do/framework.yaml").write_text(framework(leaves))
    (folder / "cycle.yaml").write_text(
        "id: do\nname: Đo\nyear: 2020\nblocs:\n  xa: {name: Xã, framework: do}\nbands:\n" + BANDS
    )
    names = [f"u{n:05}" for n in range(units)]
    (folder / "units.csv").write_text("unit,name,bloc\n" + "".join(f"{u},Đơn vị {u},xa\n" for u in names))
    fields = ";".join(str(n // 10 + 1) for n in range(0, leaves, 10))
    (folder / "appraisers.csv").write_text(f"appraiser,name,codes\na,Tổ giúp việc,{fields}\n")
    marks = ["unit,code,round,agree,met,numerator,denominator,count,reason\n"]
    for unit in names:
        place = folder / "inbox" / unit
        place.mkdir(parents=True)
        claims, evidence = ["code,met,numerator,denominator,count\n"], ["code,document_number,issuer,issued_on,file\n"]
        for n in range(leaves):
            code, kind = f"{n // 10 + 1}.{n % 10 + 1}", n % 10 + 1
            if kind == 10:
                continue
            claims.append(f"{code},{given(rng, kind)}\n")
            name = f"{n}.pdf" if len(evidence) <= files else ""
            if name:
                (place / "evidence").mkdir(exist_ok=True)
                (place / "evidence" / name).write_bytes(small_pdf(f"{unit} {n}"))
            evidence.append(f"{code},{n}/BC,{unit},2020-06-01,{name}\n")
            agrees = rng.random() < 0.9
            marks.append(
                f"{unit},{code},1,yes,,,,,\n" if agrees else f"{unit},{code},1,,{given(rng, kind)},khác số liệu\n"
            )
        (place / "self_assessment.csv").write_text("".join(claims))
        (place / "evidence.csv").write_text("".join(evidence))
    (folder / "appraisal/a").mkdir(parents=True)
    (folder / "appraisal/a/marks.csv").write_text("".join(marks))
    (folder / "survey").mkdir()
    with open(folder / "survey/responses.csv", "w") as out:
        out.write("respondent,group,unit,question,answer\n")
        questions = [f"q{n // 10 + 1}" for n in range(9, leaves, 10)]
        for person in range(max(respondents, units)):
            unit = names[person % units]
            for question in questions:
                out.write(f"p{person},dan,{unit},{question},{rng.choice('ABCD')}\n")
