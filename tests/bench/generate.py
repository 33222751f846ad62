"""Writes a contract-conform cycle folder of any size, the same bytes every time."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from made_files import small_pdf, workbook
from made_rules import ANSWERS, COLUMNS, POOL, MadeLeaf, draws, framework_text, leaves_of, statements

BANDS = '  - {name: Tốt, floor: "80"}\n  - {name: Khá, floor: "65"}\n  - {name: Yếu, floor: "0"}\n'
ODD, TWICE = 1024, 128  # one answer in ODD is none of the options; one respondent in TWICE answers a question twice
PEOPLE_AT_ONCE = 20_000
HEAD = ",".join(COLUMNS)
AGREES = "1,yes" + "," * (len(COLUMNS) + 1)


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


@dataclass(frozen=True)
class Drawn:
    """What a cycle's forms say. pools: statements by rule kind, as texts and joined by commas."""

    leaves: list[MadeLeaf]
    pools: dict[str, list[tuple[str, ...]]]
    joined: dict[str, list[str]]

    @classmethod
    def of(cls, leaves: list[MadeLeaf], seed: int) -> Drawn:
        """Pools drawn for the kinds these leaves have."""
        kinds = sorted({leaf.kind for leaf in leaves})
        pools = {kind: statements(kind, draws(seed + place, POOL)) for place, kind in enumerate(kinds)}
        return cls(leaves, pools, {kind: [",".join(one) for one in pool] for kind, pool in pools.items()})


def _write_forms(folder: Path, names: list[str], leaves: list[MadeLeaf], seed: int, files: int, form: str) -> None:
    """Every unit's claims and evidence, and the one appraiser's marks on them."""
    drawn = Drawn.of(leaves, seed)
    stream = draws(seed, 3 * len(names) * len(leaves)).reshape(3, len(names), len(leaves))
    claimed, entered, differs = stream[0] % POOL, stream[1] % POOL, stream[2] % 10 == 0
    (folder / "appraisal/a").mkdir(parents=True)
    with open(folder / "appraisal/a/marks.csv", "w", encoding="utf-8") as marks:
        marks.write(f"unit,code,round,agree,{HEAD},reason\n")
        for row, unit in enumerate(names):
            place = folder / "inbox" / unit
            place.mkdir(parents=True)
            _write_form(place, unit, drawn, claimed[row].tolist(), files, form)
            marks.write(_marks(unit, drawn, entered[row].tolist(), differs[row].tolist()))


def _write_form(place: Path, unit: str, drawn: Drawn, own: list[int], files: int, form: str) -> None:
    """One unit's folder."""
    names = [f"{n}.pdf" if n < files else "" for n in range(len(drawn.leaves))]
    documents = [(leaf.code, f"{n}/BC", unit, "2020-06-01", names[n]) for n, leaf in enumerate(drawn.leaves)]
    if form == "csv":
        claims = [
            f"{leaf.code},{drawn.joined[leaf.kind][draw]}\n" for leaf, draw in zip(drawn.leaves, own, strict=True)
        ]
        (place / "self_assessment.csv").write_text(f"code,{HEAD}\n" + "".join(claims), encoding="utf-8")
        rows = "".join(",".join(one) + "\n" for one in documents)
        (place / "evidence.csv").write_text("code,document_number,issuer,issued_on,file\n" + rows, encoding="utf-8")
    else:
        scores = [
            (leaf.code, f"Tiêu chí {leaf.code}", *_in_vietnamese(drawn.pools[leaf.kind][draw]))
            for leaf, draw in zip(drawn.leaves, own, strict=True)
        ]
        proofs = [(code, number, issuer, date, "", file) for code, number, issuer, date, file in documents]
        (place / "self_assessment.xlsx").write_bytes(workbook(scores, proofs))
    if files:
        (place / "evidence").mkdir()
    for n in range(min(files, len(drawn.leaves))):
        (place / "evidence" / names[n]).write_bytes(small_pdf(f"{unit} {n}"))


def _marks(unit: str, drawn: Drawn, entered: list[int], differs: list[bool]) -> str:
    """The appraiser's rows on one unit: agreement, or figures of their own with a reason."""
    return "".join(
        f"{unit},{leaf.code},1,,{drawn.joined[leaf.kind][draw]},khác số liệu\n"
        if own
        else f"{unit},{leaf.code},{AGREES}\n"
        for leaf, draw, own in zip(drawn.leaves, entered, differs, strict=True)
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
            for person, answers, odd in zip(
                range(start, start + number), chosen, (stream[:, -1] % TWICE == 1).tolist(), strict=True
            ):
                group = "doanh_nghiep" if person // len(names) % 3 == 2 else "dan"
                head = f"p{person},{group},{names[person % len(names)]}"
                lines += [head + ending[answer] for ending, answer in zip(endings, answers, strict=False)]
                if odd and questions:
                    lines.append(head + endings[0][0])
            out.write("".join(lines))
            rows += len(lines)
    return rows
