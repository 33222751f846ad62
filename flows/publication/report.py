"""The printed annex of a publication: tables per bloc, place for signatures, and the checkpoint that proves it."""

from __future__ import annotations

from collections.abc import Sequence

from flows.publication.form_guide import decision_line
from flows.publication.reader_notes import version_line, warnings
from flows.publication.site import environment
from flows.publication.site.rows import units
from flows.publication.site_input import SiteInput

Signature = tuple[str, str]  # (office, name; "" leaves a dotted line)
SIGNATURES: Sequence[Signature] = (
    ("NGƯỜI LẬP BIỂU", ""),
    ("CƠ QUAN THƯỜNG TRỰC CCHC", ""),
    ("CHỦ TỊCH HỘI ĐỒNG THẨM ĐỊNH", ""),
)


def results_report(
    given: SiteInput,
    *,
    issuer: str = "",
    enclosed_with: str = "",
    signatures: Sequence[Signature] = SIGNATURES,
    checkpoint: str = "",
) -> bytes:
    """One self-contained page of HTML for A4; the same arguments give the same bytes.

    issuer: the office in the head. enclosed_with: the decision the annex belongs to. checkpoint: the digest to
    be kept elsewhere (of manifest.json), as text; empty leaves a dotted line to write on, as does each of them.
    """
    blocs = [
        (name, [row for row in units(given) if row["bloc"] == key], given.bands.get(key, ()))
        for key, name in given.shown_blocs
    ]
    text = (
        environment()
        .get_template("report.html")
        .render(
            given=given,
            version=version_line(given),
            warnings=list(warnings(given)),
            decisions=[(one, decision_line(one)) for one in given.used],
            blocs=blocs,
            issuer=issuer,
            enclosed_with=enclosed_with,
            signatures=signatures,
            checkpoint=checkpoint,
        )
    )
    return text.encode()
