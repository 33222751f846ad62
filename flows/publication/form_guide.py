"""The first sheet of every form: what it is for and how to fill it in, Vietnamese with English beside."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.sheet_writing import (
    BOLD,
    FONT,
    GROUP_FILL,
    SMALL_GREY,
    TITLE,
    at,
    dressed,
    fit_height,
    protect,
    put_text,
    ready_to_print,
)
from models.rules.framework import Framework

Line = tuple[str, str]
GUIDE = "Hướng dẫn"

FILLING: Sequence[Line] = (
    (
        "Mỗi lĩnh vực là một trang. Chỉ điền các ô nền vàng; ô xám là ô mà cách chấm của mục đó không dùng.",
        "One sheet per field. Fill in yellow cells only; grey cells are not used by that leaf's rule.",
    ),
    (
        "Không sửa tên cột ở hai dòng đầu và không sửa cột “Mã”. Được phép đổi độ rộng cột, chiều cao dòng.",
        "Leave the column names in the first two rows and the codes as they are. Widths and heights may change.",
    ),
    (
        "“Đạt” và “Lựa chọn”: chọn trong danh sách. “Tử số”, “Mẫu số”, “Giá trị”, “Số lượng”: chỉ ghi số, "
        "không ghi dấu phân cách hàng nghìn, không ghi %; tỷ lệ 85% ở cột “Giá trị” ghi là 85.",
        "Met and option: choose from the list. Numerator, denominator, value, count: plain numbers without "
        "thousands marks or %; 85% under value is written 85.",
    ),
    (
        "Số thập phân ghi bằng dấu phẩy hoặc dấu chấm theo cài đặt của máy; ghi xong xem lại số hiện trong ô.",
        "Write decimals with the comma or point your computer is set to, and look at what the cell then shows.",
    ),
    (
        "“Điểm” ở ô nền xanh tự tính khi điền đủ số liệu. Mục chấm theo nhận định thì ghi điểm vào ô nền "
        "vàng. Hệ thống tính lại mọi điểm khi nhận; điểm ghi khác điểm tính lại thì phiếu bị trả lại.",
        "Points in green cells follow from the figures; where the rule is judgement, enter them in the "
        "yellow cell. All points are computed again on receipt; a claim that differs sends the form back.",
    ),
    (
        "Mục không áp dụng với đơn vị: để trống số liệu và ghi lý do ở cột “Không áp dụng”. Đề nghị này "
        "chỉ có hiệu lực khi người thẩm định chấp nhận.",
        "A leaf that does not apply: leave the figures empty and give the reason under not applicable. It "
        "counts once an appraiser accepts it.",
    ),
    (
        "Trang “Tài liệu kiểm chứng”: mỗi tài liệu một dòng, chọn mã mục, ghi số và ký hiệu, cơ quan, ngày "
        "ban hành (ngày/tháng/năm). “Tệp” là tên tệp trong thư mục evidence; văn bản giấy thì để trống.",
        "Evidence sheet: one row per document with the leaf's code, number and sign, issuer, date (day/month/year), "
        "title, file and pages. File is a name in the folder evidence; leave it empty for a paper document.",
    ),
    (
        "Thiếu tài liệu bắt buộc thì ghi rõ lý do ở cột “Giải trình”. Trang “Tổng hợp” cộng điểm theo lĩnh vực để in "
        "và ký.",
        "Where required evidence is missing, explain. The sheet Tổng hợp adds up points by field, to print and sign.",
    ),
    (
        "Lưu phiếu với tên self_assessment.xlsx; không đặt mật khẩu, không chèn công thức, macro hay liên kết "
        "ngoài. Phiếu chỉ dùng cho đúng đơn vị, kỳ đánh giá và bộ tiêu chí ghi ở trên.",
        "Save as self_assessment.xlsx, without password, formulas, macros or external links. The form is for the "
        "unit, cycle and framework named above alone.",
    ),
)
MARKING: Sequence[Line] = (
    (
        "Mỗi dòng là một mục của một đơn vị. Chỉ điền các ô nền vàng; dòng chưa thẩm định thì để trống.",
        "One row per unit and leaf. Fill in yellow cells only; leave empty what is not appraised yet.",
    ),
    (
        "Mỗi dòng chọn đúng một cách: “Đồng ý” = có; hoặc “Không áp dụng” = có; hoặc ghi lại số liệu theo "
        "cách chấm (Đạt, Lựa chọn, Tử số, Mẫu số, Giá trị, Số lượng hoặc Điểm).",
        "Each row says exactly one thing: agree = yes; or not applicable = yes; or the rule's figures.",
    ),
    (
        "Nếu điểm khác với tự chấm hoặc không áp dụng thì phải ghi “Lý do”: chọn một lý do trong danh sách, ghi chi "
        "tiết sau dấu hai chấm. Cần đơn vị giải trình thì chọn “Yêu cầu giải trình” = có.",
        "Where the points differ from the self-assessment, or the leaf does not apply, give the reason: choose from "
        "the list, add details after the colon. Ask for an explanation with explanation required = yes.",
    ),
    (
        "Bấm vào ô “Mở tài liệu” để mở tệp (khi phiếu nằm trong thư mục appraisal của kỳ đánh giá); mục có "
        "nhiều tài liệu thì mở danh sách ở trang “Tài liệu”.",
        "Click “Mở tài liệu” to open the file (while the worksheet lies in the cycle's folder appraisal); several "
        "documents are listed on the sheet Tài liệu.",
    ),
    (
        "Thẩm định lần 2: lấy phiếu mới bằng parindex template, hoặc giữ nguyên các dòng vòng 1 và thêm dòng ở cuối "
        "bảng với cùng đơn vị, mã và vòng 2.",
        "Second appraisal: take a new worksheet (parindex template), or keep the rows of round 1 and add rows below "
        "with the same unit and code, round 2.",
    ),
    (
        "Không ai được thẩm định đơn vị của chính mình. Lưu phiếu với tên marks.xlsx.",
        "Nobody appraises their own unit. Save as marks.xlsx.",
    ),
)
SECOND: Sequence[Line] = (
    (
        "Trang “Thẩm định lần 2” có các mục đã yêu cầu giải trình, kèm giải trình của đơn vị. Dòng để trống thì kết "
        "quả lần 1 được giữ nguyên; “Đồng ý” = có là chấp nhận số liệu tự chấm của đơn vị.",
        "The sheet of the second appraisal has what was to be explained, with the unit's answer. An empty row "
        "leaves the first result; agree = yes accepts the unit's own figures.",
    ),
    (
        "Trang “Phiếu thẩm định” giữ các dòng vòng 1 đã nộp; không xoá dòng nào trong đó.",
        "The other sheet keeps the rows of round 1 as handed in; remove none of them.",
    ),
)


def decision_line(framework: Framework) -> Line:
    """The decision a framework was issued by, as a Vietnamese and an English line."""
    decision = framework.decision
    issued = day(decision.issued_on)
    return (
        f"Quyết định số {decision.number} ngày {issued} của {decision.issuer}",
        f"Decision {decision.number} of {issued}, {decision.issuer}",
    )


def day(iso: str) -> str:
    """An ISO date as Vietnamese read it, dd/mm/yyyy; other text stays as it is."""
    parts = iso.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else iso


def about_framework(framework: Framework, digest: str) -> list[Line]:
    """What the form is scored on: id, decision, digest, and what nobody compared with the annex yet."""
    own, count = sum(leaf.source == "appraisal" for leaf in framework.leaves), len(framework.leaves)
    vietnamese, english = decision_line(framework)
    lines = [
        (f"Bộ tiêu chí: {framework.title} ({framework.id})", f"Framework: {framework.id}"),
        (f"Căn cứ: {vietnamese}", f"Issued by: {english}"),
        (
            f"Thang điểm {framework.maximum}; {count} mục chấm điểm, đơn vị tự chấm {own} mục",
            f"Out of {framework.maximum}; {count} leaves, {own} of them self-assessed",
        ),
    ]
    if digest:
        lines.append((f"Mã băm bộ tiêu chí (SHA-256): {digest}", "Digest of the framework (SHA-256)"))
    if framework.unchecked:
        unknown = len(framework.unchecked)
        lines.append(
            (
                f"Lưu ý: {unknown} mục chưa được đối chiếu với phụ lục của quyết định",
                f"Note: {unknown} leaves were never compared with the decision's annex",
            )
        )
    return lines


def write_guide(sheet: Worksheet, title: Line, about: Sequence[Line], steps: Sequence[Line], caption: str = "") -> None:
    """Fill the guide: title, what the form is about, numbered steps; everything locked. caption: the page header."""
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 78, 56
    put_text(at(sheet, 1, 1), title[0]).font = TITLE
    put_text(at(sheet, 2, 1), title[1]).font = SMALL_GREY
    numbered = [(f"{place}. {one[0]}", one[1]) for place, one in enumerate(steps, start=1)]
    for row, (vietnamese, english) in enumerate([*about, ("Cách điền", "How to fill in"), *numbered], start=4):
        heading = row == 4 + len(about)
        fill = GROUP_FILL if heading else None
        dressed(put_text(at(sheet, row, 1), vietnamese), BOLD if heading else FONT, fill=fill)
        dressed(put_text(at(sheet, row, 2), english), SMALL_GREY, fill=fill)
        fit_height(sheet, row, 2)
    ready_to_print(sheet, "A4", caption or title[0])
    protect(sheet)
