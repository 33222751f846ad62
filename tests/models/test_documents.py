"""Evidence by content: what it is, or which check it fails; nothing a unit sends makes the reader raise."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import openpyxl
import pytest
import small_cycle
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from models.storage.documents import EXTENSIONS, inspect_document, named_as

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(**change: object) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(small_cycle.pdf("Báo cáo"))))
    if "password" in change:
        writer.encrypt(str(change["password"]))
    if "script" in change:
        writer.add_js(str(change["script"]))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


PICTURES = {
    "PNG": b"\x89PNG\r\n\x1a\n" + b"\0" * 80 + b"IEND\xaeB`\x82",
    "JPEG": b"\xff\xd8\xff\xe0" + b"\0" * 100 + b"\xff\xd9",
    "TIFF": b"II*\0" + b"\0" * 40,
}


def picture(kind: str) -> bytes:
    """As much of a picture as the reader looks at."""
    return PICTURES[kind]


@cache
def office(kind: str) -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    if kind == "xlsx":
        return out.getvalue()
    return package(**{"[Content_Types]_dot_xml": "<Types/>", "word__document_dot_xml": "<w:document/>"})


def package(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def odf(kind: str, **more: bytes | str) -> bytes:
    return package(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_dot_xml="<x/>", **more)


SPEAKS = small_cycle.pdf("x").replace(b"startxref", b"% speaks of /Encrypt\nstartxref")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (small_cycle.pdf("x"), "pdf"),
        (b"\xef\xbb\xbf\n" + small_cycle.pdf("x"), "pdf"),
        (SPEAKS, "pdf"),
        (pdf(password="1"), "document-encrypted"),
        (small_cycle.pdf("x")[:-40], "document-damaged"),
        (small_cycle.pdf("x")[:200], "document-damaged"),
        (b"%PDF-1.4\n%%EOF", "document-damaged"),
        (picture("PNG"), "png"),
        (picture("PNG")[:-20], "document-damaged"),
        (picture("JPEG"), "jpeg"),
        (picture("JPEG")[:-70], "document-damaged"),
        (picture("TIFF"), "tiff"),
        (office("docx"), "docx"),
        (office("xlsx"), "xlsx"),
        (office("docx")[:-30], "document-damaged"),
        (odf("text"), "odt"),
        (odf("spreadsheet"), "ods"),
        (odf("text", Basic__x="macro"), "document-macro"),
        (odf("text", **{"META-INF__manifest_dot_xml": "<encryption-data/>"}), "document-encrypted"),
        (package(word__document_dot_xml="<x/>", word__vbaProject_dot_bin=b"x"), "document-macro"),
        (package(word__document_dot_xml='<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "document-damaged"),
        (package(a_dot_txt="x"), "document-type"),
        (OLE + b"\0" * 600, "document-encrypted"),  # .doc and .xls, and encrypted docx, come as OLE
        (b"", "document-empty"),
        (b"MZ\x90\0", "document-type"),
        (b"\x7fELF", "document-type"),
        (b"<html>", "document-type"),
        (b"{\\rtf1", "document-type"),
    ],
)  # fmt: skip
def test_bytes_are_what_they_are_whatever_their_name(data: bytes, found: str) -> None:
    assert inspect_document(data).found == found
    assert inspect_document(data).accepted == (found in EXTENSIONS)


@pytest.mark.parametrize(
    ("found", "name", "check"),
    [
        ("pdf", "Kế hoạch.PDF", ""),
        ("pdf", "Kế hoạch.docx", "document-type-mismatch"),
        ("jpeg", "a.jpeg", ""),
        ("png", "khong-co-duoi", "document-type-mismatch"),
        ("document-encrypted", "a.pdf", "document-encrypted"),
    ],
)
def test_a_name_must_say_the_same(found: str, name: str, check: str) -> None:
    assert named_as(found, name) == check


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = package(word__document_dot_xml=b"\0" * (210 * 2**20))
    assert len(bomb) < 2**20
    assert inspect_document(bomb).found == "document-too-large"


SEEDS = (small_cycle.pdf("x"), pdf(script="app.alert(1)"), picture("PNG"), picture("JPEG"), office("docx"), odf("text"))


@settings(max_examples=300)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8), st.data())
def test_any_bytes_get_an_answer(seed: bytes, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    given_bytes = bytearray(seed)
    for at, byte in changes:
        given_bytes[at % len(given_bytes)] = byte
    cut = data.draw(st.integers(0, len(given_bytes)))
    answer = inspect_document(bytes(given_bytes[:cut])).found
    assert answer in EXTENSIONS or answer.startswith("document-")
