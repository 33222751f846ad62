"""A workbook made once for many units: marks stand where a unit's own words go, and are replaced in the file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from flows.publication.fixed_zip import packed
from flows.publication.sheet_writing import NOT_IN_XML

_MARK = re.compile(rb"~~parindex:([a-z]+(?::[0-9A-Za-z.]+)?)~~")
FOR_HEADERS = "header"  # of this mark & is doubled: a page header reads it as a command


def mark(key: str) -> str:
    """What stands for a word until it is known; lower-case letters, and a code after a colon."""
    return f"~~parindex:{key}~~"


@dataclass(frozen=True)
class Stamps:
    """The parts of a workbook, and which of them hold marks."""

    parts: tuple[tuple[str, bytes, bool], ...]

    @classmethod
    def of(cls, workbook: bytes) -> Stamps:
        """Taken apart once."""
        with zipfile.ZipFile(io.BytesIO(workbook)) as package:
            read = [(name, package.read(name)) for name in package.namelist()]
        return cls(tuple((name, data, _MARK.search(data) is not None) for name, data in read))

    def stamped(self, words: Mapping[str, str]) -> bytes:
        """The workbook with these words in; a mark without a word becomes empty."""
        said = {key.encode(): _in_xml(key, text) for key, text in words.items()}

        def word(found: re.Match[bytes]) -> bytes:
            return said.get(found[1], b"")

        return packed((name, _MARK.sub(word, data) if marked else data) for name, data, marked in self.parts)


def _in_xml(key: str, text: str) -> bytes:
    clean = " ".join(NOT_IN_XML.sub("\ufffd", text).split())
    return escape(clean.replace("&", "&&") if key == FOR_HEADERS else clean).encode()
