"""Writes a contract-conform cycle folder of any size, the same bytes every time."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from made_files import small_pdf, workbook
from made_rules import ANSWERS, COLUMNS, POOL, MadeLeaf, draws, framework_text, leaves_of, statements

BANDS = '  - {name: Tốt, floor: "80"}\n  - {name: Khá, floor: "65"}\n  - {name: Yếu, floor: "0"}\n'
ODD = 1024  # one answer in so many is none of the options, one respondent in so many answers a question twice
PEOPLE_AT_ONCE = 20_000


def generate(
    folder: Path, units: int, leaves: int, responses: int, files: int = 0, form: str = "csv"
) -> dict[str, int]:
    """Write the folder; give what it holds, by name.

    One appraiser agrees with nine claims in ten. responses: rows of responses.csv, about; a respondent answers every
    question of the framework, so it holds responses / questions people, shared out among the units one by one, two in
    three of them citizens. files: small PDFs per unit, each proving one leaf. form: csv or xlsx.
    """
    seed = zlib.crc32(f"{units}x{leaves}x{responses}".encode())
    shape, names = leaves_of(leaves), [f"u{number:05}" for number in range(units)]
    _write_registration(folder, names, leaves)
    _write_forms(folder, names, [leaf for leaf in shape if leaf.kind != "survey"], seed, files, form)
    questions = [leaf.question for leaf in shape if leaf.kind == "survey"]
    people = max(3 * units, responses // max(1, len(questions)))
    rows = _write_responses(folder / "survey/responses.csv", names, questions, people, seed + 1)
    return {"units": units, "leaves": leaves, "respondents": people, "responses": rows, "files": files * units}


def _write_registration(folder: Path, names: list[str], leaves: int) -> None:
    (folder / "frameworks/do").mkdir(parents=True)
    (folder / "frameworks/do/framework.yaml").write_text(framework_text(leaves), encoding="utf-8")
    head = "id: do\nname: Đo\nyear: 2020\nblocs:\n  xa: {name: Xã, framework: do}\nbands:\n"
    (folder / "cycle.yaml").write_text(head + BANDS, encoding="utf-8")
    rows = "".join(f"{unit},Đơn vị {unit},xa\n" for unit in names)
    (folder / "units.csv").write_text("unit,name,bloc\n" + rows, encoding="utf-8")
    fields = ";".join(str(number // 10 + 1) for number in range(0, leaves, 10))
    (folder / "appraisers.csv").write_text(f"appraiser,name,codes\na,Tổ giúp việc,{fields}\n", encoding="utf-8")


def _write_forms(
    folder: Path, names: list[str], leaves: list[MadeLeaf], seed: int, files: int, form: str
) -> None:
    """Every unit's claims and evidence, and the one appraiser's marks on them."""
    pools = {kind: statements(kind, draws(seed + place, POOL)) for place, kind in enumerate(sorted({leaf.kind for leaf in leaves}))}
    joined = {kind: [",".join(one) for one in pool] for kind, pool in pools.items()}
    stream = draws(seed, 3 * len(names) * len(leaves)).reshape(3, len(names), len(leaves))
    claimed, entered, differs = stream[0] % POOL, stream[1] % POOL, stream[2] % 10 == 0
    (folder / "appraisal/a").mkdir(parents=True)
    head = ",".join(COLUMNS)
    with open(folder / "appraisal/a/marks.csv", "w", encoding="utf-8") as marks:
        marks.write(f"unit,code,round,agree,{head},reason\n")
        agreeing = "1,yes" + "," * (len(COLUMNS) + 1)
        for row, unit in enumerate(names):
            place = folder / "inbox" / unit
            place.mkdir(parents=True)
            own, other, new = claimed[row].tolist(), entered[row].tolist(), differs[row].tolist()
            documents = [(leaf.code, f"{n}/BC", unit, "2020-06-01", f"{n}.pdf" if n < files else "") for n, leaf in enumerate(leaves)]
            claims = [(leaf.code, leaf.kind, own[n]) for n, leaf in enumerate(leaves)]
            if form == "csv":
                lines = [f"{code},{joined[kind][draw]}\n" for code, kind, draw in claims]
                (place / "self_assessment.csv").write_text(f"code,{head}\n" + "".join(lines), encoding="utf-8")
                rows = "".join(",".join(one) + "\n" for one in documents)
                (place / "evidence.csv").write_text("code,document_number,issuer,issued_on,file\n" + rows, encoding="utf-8")
            else:
                scores = [(code, f"Tiêu chí {code}", *_in_vietnamese(pools[kind][draw])) for code, kind, draw in claims]
                proofs = [(code, number, issuer, date, "", file) for code, number, issuer, date, file in documents]
                (place / "self_assessment.xlsx").write_bytes(workbook(scores, proofs))
            if files:
                (place / "evidence").mkdir()
            for n in range(min(files, len(leaves))):
                (place / "evidence" / f"{n}.pdf").write_bytes(small_pdf(f"{unit} {n}"))
            marks.write(
                "".join(
                    f"{unit},{code},1,,{joined[kind][other[n]]},khác số liệu\n" if new[n] else f"{unit},{code},{agreeing}\n"
                    for n, (code, kind, _) in enumerate(claims)
                )
            )


def _in_vietnamese(given: tuple[str, ...]) -> tuple[str, ...]:
    return ({"yes": "có", "no": "không"}.get(given[0], ""), *given[1:])


def _write_responses(path: Path, names: list[str], questions: list[str], people: int, seed: int) -> int:
    """responses.csv; gives its number of rows."""
    path.parent.mkdir()
    endings = [[f",{question},{answer}\n" for answer in (*ANSWERS, "X")] for question in questions]
    rows, generator = 0, np.random.PCG64(seed)
    with open(path, "w", encoding="utf-8", buffering=2**20) as out:
        out.write("respondent,group,unit,question,answer\n")
        for start in range(0, people, PEOPLE_AT_ONCE):
            number = min(PEOPLE_AT_ONCE, people - start)
            stream = np.atleast_1d(generator.random_raw(number * (len(questions) + 1)))
            stream = stream.reshape(number, len(questions) + 1)
            chosen = np.where(stream % ODD == 0, len(ANSWERS), stream % len(ANSWERS)).tolist()
            lines = []
            for person, answers, odd in zip(range(start, start + number), chosen, (stream[:, -1] % ODD == 1).tolist(), strict=True):
                group = "doanh_nghiep" if person // len(names) % 3 == 2 else "dan"
                head = f"p{person},{group},{names[person % len(names)]}"
                lines += [head + ending[answer] for ending, answer in zip(endings, answers, strict=False)]
                if odd and questions:
                    lines.append(head + endings[0][0])
            out.write("".join(lines))
            rows += len(lines)
    return rows
