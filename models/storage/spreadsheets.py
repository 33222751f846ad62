from __future__ import annotations
import csv, io, unicodedata
from dataclasses import dataclass
import pandas as pd
from models.rules.findings import Fault


@dataclass(frozen=True)
class Table:
    name: str
    columns: list
    frame: pd.DataFrame
    rows: list
    path: str


VI = {
    "Mã": "code",
    "Đạt": "met",
    "Lựa chọn": "option",
    "Tử số": "numerator",
    "Mẫu số": "denominator",
    "Giá trị": "value",
    "Số lượng": "count",
    "Điểm": "points",
    "Không áp dụng": "not_applicable",
    "Giải trình": "explanation",
    "Số và ký hiệu": "document_number",
    "Cơ quan ban hành": "issuer",
    "Ngày ban hành": "issued_on",
    "Trích yếu": "title",
    "Tệp": "file",
    "Trang": "pages",
    "Đơn vị": "unit",
    "Vòng": "round",
    "Đồng ý": "agree",
    "Lý do": "reason",
    "Yêu cầu giải trình": "explanation_required",
}


def read_csv_table(data, path):
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    cols = [unicodedata.normalize("NFC", c).strip() for c in rows[0]]
    body = [(i, r) for i, r in enumerate(rows[1:], 2) if any(r)]
    f = pd.DataFrame(
        {
            c: pd.Series([unicodedata.normalize("NFC", r[j]) for _, r in body], dtype="str")
            for j, c in enumerate(cols)
        }
    )
    return Table("", cols, f, [i for i, _ in body], path), []


def read_workbook(data, path):
    import python_calamine as pc, datetime as dt

    out = []

    def text(v):
        if isinstance(v, bool):
            return "yes" if v else "no"
        if isinstance(v, float):
            return f"{v:.15g}"
        if isinstance(v, (dt.datetime, dt.date)):
            return v.isoformat()[:10]
        return unicodedata.normalize("NFC", str(v))

    wb = pc.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for n in wb.sheet_names:
        rows = wb.get_sheet_by_name(n).to_python(skip_empty_area=False)
        h = next((i for i, r in enumerate(rows[:30]) if "Mã" in [str(c).strip() for c in r]), None)
        if h is None:
            continue
        cols = [VI.get(str(c).strip(), str(c).strip()) for c in rows[h]]
        body = [(i + 1, [text(c) for c in r]) for i, r in enumerate(rows) if i > h and any(str(c) for c in r)]
        f = pd.DataFrame(
            {c: pd.Series([r[j] for _, r in body], dtype="str") for j, c in enumerate(cols) if c}
        )
        out.append(Table(n, [c for c in cols if c], f, [i for i, _ in body], path))
    return out, []
