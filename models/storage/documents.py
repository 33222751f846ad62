"""Opens evidence documents far enough to say what they are: typed by content, sound, unencrypted, without macros."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.rules.findings import Fault
from models.storage.workbook_guard import OLE, guard

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_UNPACKED = 200 * 2**20
EXTENSIONS = {
    "pdf": ("pdf",), "png": ("png",), "jpeg": ("jpg", "jpeg"), "tiff": ("tif", "tiff"), "docx": ("docx",),
    "xlsx": ("xlsx",), "odt": ("odt",), "ods": ("ods",),
}  # fmt: skip
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_PAGE = re.compile(rb"/Type\s*/Page\b")
# What may make a PDF encrypted or active; names may be written with # and two digits, or lie in packed objects.
_DOUBTFUL = re.compile(rb"/Encrypt\b|/JavaScript\b|/JS\b|/Launch\b|/XFA\b|/ObjStm\b|/[A-Za-z]*#[0-9A-Fa-f]{2}")
_AS_DOCUMENT = {
    "form-encrypted": "document-encrypted", "form-macro": "document-macro", "form-unreadable": "document-damaged",
    "form-external-link": "document-external-link", "form-too-large": "document-too-large",
    "form-xml-entity": "document-damaged",
}  # fmt: skip


@dataclass(frozen=True)
class Document:
    """`found`: the kind (pdf, png, jpeg, tiff, docx, xlsx, odt, ods) or the id of the check it fails."""

    found: str

    @property
    def accepted(self) -> bool:
        """Whether it may serve as evidence."""
        return self.found in EXTENSIONS


def inspect_document(data: bytes) -> Document:
    """What these bytes are. Source: contract, Reading (accepted by content). Never raises for any bytes."""
    if not data:
        return Document("document-empty")
    if data.startswith(OLE):
        return Document("document-encrypted")
    if data[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-"):
        return Document(_pdf(data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Document("png" if b"IEND" in data[-64:] else "document-damaged")
    if data.startswith(b"\xff\xd8\xff"):
        return Document("jpeg" if _whole_jpeg(data) else "document-damaged")
    if data.startswith((b"II*\0", b"MM\0*")):
        return Document("tiff" if len(data) > 16 else "document-damaged")
    if data.startswith(b"PK\x03\x04"):
        return Document(_package(data))
    return Document("document-type")


def _whole_jpeg(data: bytes) -> bool:
    """Whether the picture comes to its end; what phones append behind it, and previews before it, do not count."""
    at = 2
    while data[at : at + 1] == b"\xff":
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1 : at + 2] == b"\xda":
            return data.find(b"\xff\xd9", at + 2 + length) > 0
        at += 1 if data[at + 1 : at + 2] == b"\xff" else 2 + length  # 0xff may be repeated before a marker
    return False


def _pdf(data: bytes) -> str:
    """A PDF is whole when it ends as one and its pages can be found; pypdf opens it only where that is in doubt."""
    if b"%%EOF" not in data[-2048:]:
        return "document-damaged"
    if _DOUBTFUL.search(data):
        return _opened_pdf(data)  # encrypted or active, or it only speaks of it
    start = re.search(rb"startxref\s+(\d+)", data[-2048:])
    if start is None or not 0 < int(start.group(1)) < len(data):
        return "document-damaged"
    at = data[int(start.group(1)) : int(start.group(1)) + 32]
    if at.startswith(b"xref") and b"trailer" in data and _PAGE.search(data):
        return "pdf"
    return _opened_pdf(data)


def _opened_pdf(data: bytes) -> str:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            return "document-encrypted"
        if not len(reader.pages):
            return "document-damaged"
        return "document-macro" if _is_active(reader) else "pdf"
    except Exception:  # a broken PDF makes pypdf raise all sorts
        return "document-damaged"


def _is_active(reader: PdfReader) -> bool:
    """Whether anything in it can run a script or a program: every object is looked at, wherever it hangs.

    Source: ISO 32000-1, 12.6 (actions) and 7.3.10: a reference to an object that is not there is null, and no damage.
    Links to the web are not followed by themselves and are left alone.
    """
    from pypdf.generic import IndirectObject

    numbers = {(number, version) for version, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    waiting: list[object] = [reader.trailer, *(IndirectObject(*one, reader) for one in sorted(numbers))]
    seen = set[int]()
    while waiting:
        part = _resolved(waiting.pop())
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, list):
            waiting += [one for one in part if not isinstance(one, IndirectObject)]
        elif isinstance(part, dict):
            if _resolved(part.get("/S")) in ("/JavaScript", "/Launch") or "/JS" in part or _has_script(part):
                return True
            waiting += [one for one in part.values() if not isinstance(one, IndirectObject)]
    return False


def _has_script(part: dict[Any, Any]) -> bool:
    """Whether a form (XFA) carries scripts."""
    form = _resolved(part.get("/XFA"))
    pieces = [_resolved(one) for one in form] if isinstance(form, list) else [form]
    return any(b"<script" in piece.get_data() for piece in pieces if hasattr(piece, "get_data"))


def _resolved(given: Any) -> Any:
    """What a reference stands for; None for one that leads nowhere."""
    try:
        return given.get_object() if hasattr(given, "get_object") else given
    except Exception:  # an object that cannot be read counts as not there, as for every reader
        return None


def _package(data: bytes) -> str:
    try:
        if faults := guard(data, "", MOST_UNPACKED):
            return _AS_DOCUMENT[faults[0].check]
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if "mimetype" in names:
                kind = _ODF.get(package.read("mimetype").strip(), "document-type")
                manifest = package.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
                if any(name.startswith(("Basic/", "Scripts/")) for name in names):
                    return "document-macro"
                return "document-encrypted" if b"encryption-data" in manifest else kind
            if "word/document.xml" in names:
                return "docx"
            return "xlsx" if "xl/workbook.xml" in names else "document-type"
    except (zipfile.BadZipFile, OSError, RuntimeError, KeyError, zlib.error, lzma.LZMAError, NotImplementedError):
        return "document-damaged"


def named_as(found: str, name: str) -> str:
    """The check a file fails under this name: its own, or that its name says another kind; "" when fine."""
    if found not in EXTENSIONS:
        return found
    ending = name.rpartition(".")[2].lower()
    return "" if ending in EXTENSIONS[found] else "document-type-mismatch"


__all__ = ["Document", "Fault", "inspect_document", "named_as"]
