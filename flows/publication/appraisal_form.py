"""An appraiser's worksheet: every unit and leaf they may mark, what the unit gave, room for their figures."""

from __future__ import annotations

import pandas as pd
from openpyxl import Workbook

from flows.publication.document_list import DOCUMENTS, Links, write_documents
from flows.publication.form_guide import MARKING, SECOND, write_guide
from flows.publication.mark_sheet import FIRST_HEADINGS, SECOND_HEADINGS, write_marks
from flows.publication.sheet_writing import workbook_bytes
from flows.publication.typing_guards import Lists

SHEET, SECOND_SHEET, LISTS_SHEET = "Phiếu thẩm định", "Thẩm định lần 2", "Danh mục"


def appraiser_worksheet(
    cycle_name: str,
    appraiser: str,
    appraiser_name: str,
    rows: pd.DataFrame,
    *,
    second: pd.DataFrame | None = None,
    documents: pd.DataFrame | None = None,
    cycle_id: str = "",
) -> bytes:
    """The worksheet as xlsx; the same arguments give the same bytes.

    rows: text columns unit, unit_name, code, name, maximum, self, inputs, evidence; a row per unit and leaf.
    Optional: told (the unit's words), rule (in words), uses (the rule's inputs, ","-separated: other inputs turn
    grey), options (the choices, one per line: a drop-down), and the columns of a mark as it stands. Rows below
    the last one are open too. second: the same for round 2, with first and asked. documents: unit, unit_name, code
    and the columns of the evidence register; their files are linked as seen from appraisal/<appraiser>/.
    Source: contract, worksheets.
    """
    book = Workbook()
    twice = second is not None and len(second) > 0
    about = [
        (f"Kỳ đánh giá: {cycle_name}", f"Cycle: {cycle_id}" if cycle_id else "Cycle"),
        (f"Người thẩm định: {appraiser_name} ({appraiser})", f"Appraiser: {appraiser}"),
        (f"{rows['unit'].nunique()} đơn vị, {len(rows)} dòng", f"{rows['unit'].nunique()} units, {len(rows)} rows"),
    ]
    if twice:
        assert second is not None
        about.append((f"Thẩm định lần 2: {len(second)} dòng", f"Second appraisal: {len(second)} rows"))
    title = (f"Phiếu thẩm định – {appraiser_name}", "Appraiser's worksheet")
    write_guide(book.worksheets[0], title, about, [*MARKING, *(SECOND if twice else [])])
    caption, lists, links = f"{cycle_name} – {appraiser_name}", Lists(LISTS_SHEET), Links.of(documents)
    if twice:
        assert second is not None
        write_marks(book.create_sheet(SECOND_SHEET), second, SECOND_HEADINGS, lists, links, f"{caption} – lần 2")
    write_marks(book.create_sheet(SHEET), rows, FIRST_HEADINGS, lists, links, caption)
    if documents is not None and len(documents):
        write_documents(book.create_sheet(DOCUMENTS), documents, caption)
    lists.write(book.create_sheet(LISTS_SHEET))
    book.properties.title = f"{cycle_id} / {appraiser} / marks" if cycle_id else None
    return workbook_bytes(book)
