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
from pypdf.actions import JavaScript
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from models.storage.documents import EXTENSIONS, inspect_document, named_as

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def pdf(**change: object) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(small_cycle.pdf("Báo cáo"))))
    if "password" in change:
        writer.encrypt(str(change["password"]))
    if "pages" in change:
        for _ in range(int(str(change["pages"]))):
            writer.add_blank_page(10, 10)
    if "script" in change:
        writer.add_open_action(JavaScript(str(change["script"])))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def active(kind: str, after: str = "") -> bytes:
    """A page with one thing to touch; what it does is followed by something else, which leads back."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(small_cycle.pdf("Báo cáo"))))
    action = DictionaryObject({NameObject("/S"): NameObject(kind)})
    first = writer._add_object(action)
    if after:
        following = DictionaryObject({NameObject("/S"): NameObject(after), NameObject("/Next"): ArrayObject([first])})
        action[NameObject("/Next")] = writer._add_object(following)
    touch = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): first})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(touch)])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def holding(**entries: str) -> bytes:
    """A PDF 1.4 written by hand: these entries in its catalog, and objects 5 to 9 as given (o5="<<…>>")."""
    objects = {1: "<</Type/Catalog/Pages 2 0 R %s>>", 2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
               3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9] %s>>"}  # fmt: skip
    objects[1] %= entries.get("catalog", "")
    objects[3] %= entries.get("page", "")
    objects |= {int(name[1:]): text for name, text in entries.items() if name[0] == "o"}
    data, places = b"%PDF-1.4\n% /JS is looked for\n", {}
    for number, text in objects.items():
        places[number] = len(data)
        data += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(data)
    data += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        data += f"{number} 1\n{place:010} 00000 n \n".encode()
    return data + f"trailer<</Size 10/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()


PICTURES = {
    "PNG": b"\x89PNG\r\n\x1a\n" + b"\0" * 80 + b"IEND\xaeB`\x82",
    "JPEG": b"\xff\xd8\xff\xe1\0\x0c\xff\xda\0\2xx\xff\xd9..\xff\xff\xda\0\x0212"
    + b"\xff\0" * 50
    + b"\xff\xd9",  # with a preview
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


def package(_method: int = zipfile.ZIP_DEFLATED, **files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", _method) as pack:
        for name, content in files.items():
            pack.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def odf(kind: str, **more: bytes | str) -> bytes:
    return package(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_dot_xml="<x/>", **more)


def no_pages() -> bytes:
    out = io.BytesIO()
    PdfWriter().write(out)
    return out.getvalue()


def damaged_lzma() -> bytes:
    data = bytearray(package(zipfile.ZIP_LZMA, word__document_dot_xml="<x/>" * 99))
    start = data.index(b"document.xml") + len(b"document.xml")
    data[start + 9 : start + 20] = b"\xff" * 11
    return bytes(data)


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
        (no_pages(), "document-damaged"),
        (pdf(pages=3000), "pdf"),
        (pdf(pages=300).replace(b"startxref", b"% speaks of /Encrypt\nstartxref"), "pdf"),
        (pdf(script="app.alert(1)"), "document-macro"),
        (pdf(script="app.alert(1)").replace(b"/JavaScript", b"/J#61vaScript"), "document-macro"),
        (active("/JavaScript"), "document-macro"),
        (active("/Launch"), "document-macro"),
        (active("/GoTo", after="/Launch"), "document-macro"),
        (active("/GoTo", after="/GoTo"), "pdf"),
        (active("/URI"), "pdf"),  # a link is followed by people alone
        # what is null, or refers to nothing, is no damage (ISO 32000-1, 7.3.10)
        (holding(), "pdf"),
        (holding(page="/Annots null"), "pdf"),
        (holding(page="/Annots 9 0 R"), "pdf"),
        (holding(page="/Annots[9 0 R]"), "pdf"),
        (holding(page="/AA null"), "pdf"),
        (holding(catalog="/Names 9 0 R"), "pdf"),
        # scripts wherever they hang
        (holding(catalog="/OpenAction<</S/GoTo/Next 5 0 R>>", o5="[<</S/Launch>>]"), "document-macro"),
        (holding(catalog="/OpenAction<</S 5 0 R>>", o5="/JavaScript"), "document-macro"),
        (holding(page="/Annots[<</Subtype/Screen/A<</S/Rendition/JS(x)>>>>]"), "document-macro"),
        (holding(catalog="/AcroForm<</Fields[5 0 R]>>", o5="<</AA<</K<</S/JavaScript/JS(x)>>>>>>"), "document-macro"),
        (holding(catalog="/Outlines 5 0 R", o5="<</First<</A<</S/Launch>>>>>>"), "document-macro"),
        (
            holding(catalog="/AcroForm<</XFA 5 0 R>>", o5="<</Length 9>>stream\n<script/>\nendstream"),
            "document-macro",
        ),
        (holding(catalog="/AcroForm<</XFA 5 0 R>>", o5="<</Length 9>>stream\n<nothing>\nendstream"), "pdf"),
        (pdf(password="1").replace(b"/Encrypt", b"/#45ncrypt"), "document-encrypted"),
        (small_cycle.pdf("x") + b"\0" * 4000, "document-damaged"),
        (b"x" * 10 + small_cycle.pdf("x"), "document-type"),
        (small_cycle.pdf("x").replace(b"xref\n0", b"\n\nxref\n0", 1), "pdf"),  # its pages are found all the same
        (picture("PNG"), "png"),
        (picture("PNG")[:-20], "document-damaged"),
        (picture("JPEG"), "jpeg"),
        (picture("JPEG")[:-70], "document-damaged"),
        (picture("JPEG")[:-2], "document-damaged"),  # the preview's end is not the picture's
        (picture("JPEG")[:8], "document-damaged"),
        (picture("JPEG") + b"SEFT" * 500, "jpeg"),  # phones append what they know behind the picture
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
        (package(zipfile.ZIP_LZMA, word__document_dot_xml="<x/>" * 99), "docx"),
        (damaged_lzma(), "document-damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "document-type"),
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


@pytest.mark.parametrize(
    ("data", "check"),
    [(office("docx"), "document-type-mismatch"), (b"MZ\x90\0" * 99, "document-type"), (small_cycle.pdf("x"), "")],
)
def test_a_pdf_by_name_must_be_one_by_content(data: bytes, check: str) -> None:
    assert named_as(inspect_document(data).found, "Kế hoạch.pdf") == check


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = package(word__document_dot_xml=b"\0" * (210 * 2**20))
    assert len(bomb) < 2**20
    assert inspect_document(bomb).found == "document-too-large"


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
PACKAGES = tuple(package(method, word__document_dot_xml="<x/>" * 9) for method in METHODS)
SEEDS = (
    small_cycle.pdf("x"),
    pdf(script="app.alert(1)"),
    pdf(password="1"),
    SPEAKS,
    *PICTURES.values(),
    office("docx"),
    odf("text"),
    *PACKAGES,
)


@settings(max_examples=400)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8), st.data())
def test_any_bytes_get_an_answer(seed: bytes, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    given_bytes = bytearray(seed)
    for at, byte in changes:
        given_bytes[at % len(given_bytes)] = byte
    cut = data.draw(st.integers(0, len(given_bytes)))
    answer = inspect_document(bytes(given_bytes[:cut])).found
    assert answer in EXTENSIONS or answer.startswith("document-")


@settings(max_examples=200)
@given(
    st.sampled_from([b"", b"%PDF-", b"\xff\xd8\xff", b"II*\0", b"PK\x03\x04", OLE]),
    st.binary(max_size=300),
    st.sampled_from([b"", b"%%EOF", b"/Encrypt startxref 9 %%EOF"]),
)
def test_any_bytes_behind_a_known_beginning_get_an_answer(start: bytes, middle: bytes, end: bytes) -> None:
    answer = inspect_document(start + middle + end).found
    assert answer in EXTENSIONS or answer.startswith("document-")
