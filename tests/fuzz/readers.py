"""Feeds the readers with what nobody would write, led by coverage, for a fixed time: they answer, whatever comes.

    python tests/fuzz/readers.py TARGET SECONDS

A crash ends with its input in the folder it was started in.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS)]

import atheris

with atheris.instrument_imports(include=["models", "checks"]):
    from checks.commendations import read_commendation
    from checks.corrections import read_correction
    from models.rules.crosswalk_text import read_crosswalk
    from models.rules.cycle_text import read_settings
    from models.rules.framework_text import read_framework
    from models.storage.documents import inspect_document, named_as
    from models.storage.framework_folders import built_in
    from models.storage.spreadsheets import read_csv_table, read_workbook
    from models.storage.workbook_guard import title

FRAMEWORK, _ = built_in("provinces-2948")
assert FRAMEWORK is not None


def form(data: bytes) -> None:
    """A workbook sent as a form."""
    tables, faults = read_workbook(data, "self_assessment.xlsx")
    if tables:
        title(data)
    assert tables or faults


def table(data: bytes) -> None:
    """A CSV of the cycle folder."""
    found, faults = read_csv_table(data, "evidence.csv")
    assert found is not None or faults


def document(data: bytes) -> None:
    """Evidence."""
    found = inspect_document(data).found
    assert named_as(found, "x.pdf") is not None


def settings(data: bytes) -> None:
    """cycle.yaml, framework.yaml, a correction, a commendation and a crosswalk."""
    text = data.decode("utf-8", "replace")
    assert FRAMEWORK is not None
    for given, faults in (
        read_settings(text),
        read_framework({"framework.yaml": text}),
        read_correction(text, "correction.yaml"),
        read_commendation(text, "commendation.yaml"),
        read_crosswalk(text, "crosswalk.yaml", FRAMEWORK, None),
    ):
        assert given is not None or faults


def _zipped(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def _workbook() -> bytes:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["Mã", "Đạt", "Điểm", "Tử số"], ["1.1.1", "có", "=1+1", ""], ["1.10", "", "2,5", 3]):
        sheet.append(row)
    book.properties.title = "ky / don-vi / bo"
    book.save(out)
    return out.getvalue()


def seeds() -> dict[str, list[bytes]]:
    """Inputs as people send them, to begin with."""
    import small_cycle

    made = {path: text if isinstance(text, bytes) else text.encode() for path, text in small_cycle.files().items()}
    return {
        "form": [_workbook()],
        "table": [data for path, data in made.items() if path.endswith(".csv")],
        "document": [
            small_cycle.pdf("Báo cáo"),
            b"\x89PNG\r\n\x1a\n....IEND",
            b"\xff\xd8\xff\xda\0\2..\xff\xd9",
            _zipped(word__document_dot_xml="<w:document/>"),
            _zipped(mimetype="application/vnd.oasis.opendocument.text", content_dot_xml="<x/>"),
        ],
        "settings": [data for path, data in made.items() if path.endswith(".yaml")]
        + [b'decision: x\ndecided_by: y\nreason: z\ncorrections:\n  - {unit: a, code: "1", exempt: yes}\n'],
    }


TARGETS: dict[str, Callable[[bytes], None]] = {
    "form": form,
    "table": table,
    "document": document,
    "settings": settings,
}


def main(target: str, seconds: int, corpus: Path) -> None:
    """Fuzz one target from seeds put into a folder; libFuzzer ends the process, with 77 where something was found."""
    corpus.mkdir()
    for number, data in enumerate(seeds()[target]):
        (corpus / str(number)).write_bytes(data)
    options = [
        f"-max_total_time={seconds}",
        "-timeout=20",
        "-rss_limit_mb=4096",
        "-max_len=65536",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
