"""The annexes to the decision that approves the results: ranks and classes, then percent by field."""

from __future__ import annotations

from flows.publication.reader_notes import version_line
from flows.reports.document import Block, Document, Heading, PageBreak, Paragraph, Title
from flows.reports.sources import BLANK_DECISION, based_on, beware, how_to_check
from flows.reports.tables import bands_line, class_counts, field_names, fields_table, results_table
from flows.reports.version import Version


def decision_annex(version: Version) -> Document:
    """Annex I and II, without signatures: those stand below the decision. Nghị định 30/2020/NĐ-CP, Phụ lục I."""
    given = version.given
    enclosed = f"(Kèm theo {BLANK_DECISION})"
    blocks: list[Block] = [Title("Phụ lục I", (f"Kết quả, xếp hạng và xếp loại {given.name}", enclosed))]
    blocks += list(beware(version))
    for place, (bloc, name) in enumerate(given.shown_blocs, start=1):
        blocks += [
            Heading(f"{place}. {name}"),
            results_table(version, bloc),
            Paragraph(f"{bands_line(version, bloc)} Số đơn vị theo loại: {class_counts(version, bloc)}.", "note"),
        ]
    blocks += [
        Paragraph(
            "Ghi chú: hạng “–” là đơn vị không xếp hạng; “–” ở cột so với năm trước là không so sánh được. "
            "Xếp hạng theo chỉ số chưa làm tròn.",
            "note",
        ),
        PageBreak(),
        Title("Phụ lục II", (f"{given.name} theo lĩnh vực (% điểm tối đa được tính)", enclosed)),
    ]
    for place, (bloc, name) in enumerate(given.shown_blocs, start=1):
        framework = given.frameworks[given.of_bloc(bloc)["framework"].iloc[0]]
        blocks += [
            Heading(f"{place}. {name}"),
            fields_table(version, bloc),
            Paragraph("Lĩnh vực " + "; ".join(field_names(framework)) + ".", "note"),
        ]
    blocks += [*(Paragraph(note.split(" / ")[0], "note") for note in given.notes), *based_on(version)]
    blocks += list(how_to_check(version))
    return Document(f"Phụ lục kết quả {given.name} – {version_line(given)[0].lower()}", version.day, blocks)
