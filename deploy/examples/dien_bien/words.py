"""The example's own words: cycle.yaml with its comments, and the README telling real from made up."""

from __future__ import annotations

from dien_bien.province import BANDS, DECIMALS

_BANDS = "\n".join(f'  - {{name: {name}, floor: "{floor}"}}' for name, floor in BANDS)

CYCLE_YAML = f"""\
# SỐ LIỆU MINH HOẠ. Tên đơn vị là thật; mọi số liệu đầu vào đều do chương trình tạo ra, không phải số
# liệu của đơn vị nào. Một số chỉ số đã công bố được tái hiện, xem README.md.
# ILLUSTRATIVE DATA. The units are real; every input row is generated and describes no unit's real work.
# Some published indexes are reproduced, see README.md. Written by deploy/examples/build_dien_bien_2020.py.
id: dien-bien-2020
name: Chỉ số CCHC tỉnh Điện Biên năm 2020
year: 2020
decimals: {DECIMALS}
missing_evidence: explain
blocs:
  so:    {{name: "Sở, ban, ngành", framework: dien-bien-2020-departments}}
  huyen: {{name: "Huyện, thị xã, thành phố", framework: dien-bien-2020-districts}}
# Ngưỡng xếp loại phù hợp với kết quả đã công bố: 86,63 Tốt; 83,663 Khá; 75,49 Khá; 56,167 Trung bình.
# Floors consistent with what was published; the decision's own floors are not at hand.
bands:
{_BANDS}
# Không có `calendar`: các mốc của năm 2021 đã qua, ghi vào thì biểu nào cũng bị đánh dấu nộp muộn.
# No `calendar`: its dates of 2021 have passed, so with them every form of this example would be marked late.
"""

README = """\
# Kỳ đánh giá mẫu: tỉnh Điện Biên, năm 2020 · Example cycle: Điện Biên province, 2020

**Số liệu minh hoạ.** Tên của 19 sở, ban, ngành và 10 huyện, thị xã, thành phố là tên thật năm 2020. Mọi
dòng số liệu đầu vào (tự chấm, tài liệu kiểm chứng, thẩm định, giải trình, điều tra xã hội học, thống kê,
điểm thưởng, điểm phạt, miễn trừ, kết quả năm trước trừ các số nêu ở bảng dưới) đều do chương trình tạo ra,
không phản ánh công việc thật của đơn vị, cá nhân nào. Nội dung các tiêu chí chưa được đối chiếu với phụ lục
của Quyết định 1417/QĐ-UBND.

**Illustrative data.** The 19 departments and 10 districts bear their real names of 2020. Every input row
(self-assessment, evidence, marks, explanations, survey, statistics, bonus, penalty, exemption, last year's
results save the figures in the table below) is generated and says nothing about the real work of any unit
or person. The leaves' wording was not compared with the annex of Decision 1417/QĐ-UBND.

## Những số đã công bố được tái hiện · Published figures that come out

| Đơn vị · Unit | Chỉ số · Index | Hạng · Rank | Xếp loại · Class | Năm trước · Year before |
|---|---|---|---|---|
| Sở Tư pháp | 92.510 | 1 | | |
| Văn phòng UBND tỉnh | 86.630 | 2 | Tốt | |
| Sở Thông tin và Truyền thông | 83.663 | 5 / 19 | Khá | 76.23, hạng 5 · rank 5 |
| Huyện Nậm Pồ | 77.030 | 1 / 10 | | hạng 10 · rank 10 |
| Thành phố Điện Biên Phủ | 75.490 | | Khá | |
| Huyện Mường Nhé | 56.167 | | Trung bình | |

Sở, ban, ngành: 2 Tốt, 17 Khá. Huyện, thị xã, thành phố: 9 Khá, 1 Trung bình. Chỉ số của các đơn vị khác,
hạng và chỉ số năm trước không nêu ở bảng này là số giả định. Phần mềm không biết trước các con số này: số
liệu đầu vào được chọn để cách tính cho ra đúng kết quả. Ngưỡng xếp loại trong cycle.yaml là ngưỡng phù hợp
với kết quả đã công bố, chưa đối chiếu với quyết định.

Departments: 2 Tốt, 17 Khá. Districts: 9 Khá, 1 Trung bình. Every other index, and last year's figures not
in this table, are made up. The engine knows none of these numbers: the inputs were chosen so that its rules
give them. The floors of the classes in cycle.yaml fit what was published; nobody compared them with the
decision.

## Những gì có trong kỳ này · What there is to see

- Biểu của Sở Ngoại vụ bị trả lại: một số ghi có dấu phân cách hàng nghìn (kiểu `1.234,5`), một mã không có
  trong bộ tiêu chí, một điểm khác điểm tính lại. Bản đã sửa nằm ở
  `../dien-bien-2020-later/inbox/so-ngoai-vu/`; chép đè lên rồi chạy tiếp.
  The form of Sở Ngoại vụ is returned for three mistakes: a number with a thousands mark (as in `1.234,5`),
  a code the framework does not have, points the figures do not make. Copy the corrected form over it and
  run again.
- Không ai chấm đơn vị mình: Tổ giúp việc Hội đồng chấm thay phần của các cơ quan thẩm định.
  Nobody marks their own unit: the council's team marks what the appraising departments may not.
- Hai vòng thẩm định, giải trình, yêu cầu giải trình không được trả lời, tài liệu thiếu có và không có giải
  trình, tiêu chí không áp dụng, mẫu số bằng 0, phiếu điều tra không đủ, một miễn trừ, một điểm thưởng, một
  điểm phạt.
  Two rounds, explanations, some never given, missing evidence with and without a written reason, leaves
  that do not apply, 0 of 0, survey shortfall, one exemption, one bonus, one penalty.
- Các tệp PDF viết không dấu vì phông có sẵn của PDF không có chữ Việt.
  The PDFs are written without diacritics: a PDF's built-in fonts have no Vietnamese letters.

Tạo lại · Build again: `python deploy/examples/build_dien_bien_2020.py deploy/examples`
"""
