"""Zip archives (xlsx, docx) as bytes that depend on their content alone: fixed times, nothing compressed.

Stored, not deflated: the same text deflates to other bytes under another zlib.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Mapping

FIXED = dt.datetime(2000, 1, 1)  # a document says nothing of when it was made: same inputs, same bytes
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def fixed_zip(
    raw: bytes, moment: dt.datetime = FIXED, changes: Mapping[str, Callable[[bytes], bytes]] | None = None
) -> bytes:
    """The same archive with every time in it fixed to `moment`. changes: what is still made of a part, by its name."""
    fixed = io.BytesIO()
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as made, zipfile.ZipFile(fixed, "w", zipfile.ZIP_STORED) as kept:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<3>", data)
            if changes and name in changes:
                data = changes[name](data)
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.create_system, info.external_attr = 3, 0o600 << 16
            kept.writestr(info, data)
    return fixed.getvalue()
