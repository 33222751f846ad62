"""Zip archives (xlsx, docx) as bytes that depend on their content alone: fixed times, nothing compressed.

Stored, not deflated: the same text deflates to other bytes under another zlib.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping

FIXED = dt.datetime(2000, 1, 1)  # a document says nothing of when it was made: same inputs, same bytes
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CORE = "docProps/core.xml"
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def fixed_zip(
    raw: bytes, moment: dt.datetime = FIXED, changes: Mapping[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """The same archive with every time in it fixed to `moment`. changes: what is still made of a part, by its name."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts |= {name: change(parts[name]) for name, change in (changes or {}).items()}
    if CORE in parts:
        parts[CORE] = MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<3>", parts[CORE])
    return packed(parts.items())


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these parts, stored, with fixed times and rights."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kept:
        for name, data in parts:
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.create_system, info.external_attr = 3, 0o600 << 16
            kept.writestr(info, data)
    return out.getvalue()
