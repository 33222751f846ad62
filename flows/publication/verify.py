#!/usr/bin/env python3
"""Check one published export offline: every hash, the audit chain, and every number computed again.

    python3 verify.py [FOLDER] [--key HEX] [--checkpoint N:HEAD]
        FOLDER: default, the folder this file is in
        HEX: the Ed25519 public key known from elsewhere
        N:HEAD: number of events and chain head of a checkpoint kept elsewhere
Exit status: 0 all of it holds; 5 the first thing that differs is named; 2 wrong call.
It needs Python 3.9 or later and nothing else, writes nothing, follows no link, uses no network.
It was written from the published rules alone, apart from the software that made the export: what the
two agree on was computed twice. Points are exact fractions; only what is shown is rounded.
"""

# ruff: noqa: E402 - two settings must stand before the other imports
import sys

sys.dont_write_bytecode = True  # a verifier leaves no trace in the folder it verifies
if __name__ == "__main__" and sys.path and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # this folder: a stray csv.py or json.py beside this file must not be run as Python's own

import csv
import hashlib
import io
import json
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, Optional, TypeVar

Row = dict[str, str]
Tables = dict[str, list[Row]]
Kind = TypeVar("Kind")
Worth = Optional[Fraction]  # noqa: UP045 - points, or None where a leaf does not apply; 3.9 knows no X | None
ZERO = Fraction(0)

INPUTS = ("met", "option", "numerator", "denominator", "value", "count", "points")
TABLES: dict[str, tuple[str, ...]] = {  # inputs/<name>.csv
    "units": (
        "unit",
        "name",
        "bloc",
        "scored",
        "ranked",
        "published",
        "valid_from",
        "valid_to",
        "predecessors",
    ),
    "previous": ("unit", "bloc", "index", "rank", "framework"),
    "history": ("unit", "year", "index", "rank", "framework", "source"),
    "crosswalk": ("framework", "code", "old_framework", "old_codes", "same_meaning", "reference"),
    "previous_scores": ("unit", "code", "applicable", "final"),
    "exemptions": ("unit", "code", "reason", "approved_by"),
    "responsibilities": ("appraiser", "name", "code", "unit", "fallback"),
    "claims": ("unit", "code", *INPUTS, "not_applicable", "explanation"),
    "marks": (
        "unit",
        "code",
        "round",
        "appraiser",
        "agree",
        *INPUTS,
        "not_applicable",
        "reason",
        "explanation_required",
        "correction",
    ),
    "evidence": (
        "unit",
        "code",
        "kind",
        "document_number",
        "issuer",
        "issued_on",
        "title",
        "file",
        "pages",
        "sha256",
        "size",
    ),
    "survey_counts": ("unit", "code", "group", "question", "option", "count"),
    "survey_valid": ("unit", "code", "group", "valid"),
    "statistics": ("unit", "code", "points", "source"),
    "adjustments": ("unit", "kind", "points", "reason", "decided_by"),
}
KEYS: dict[str, tuple[str, ...]] = {  # what names one row: a second row with the same key is refused
    "units": ("unit",),
    "previous": ("unit",),
    "history": ("unit", "year"),
    "crosswalk": ("framework", "old_framework", "code"),
    "previous_scores": ("unit", "code"),
    "exemptions": ("unit", "code"),
    "responsibilities": ("appraiser", "code"),
    "claims": ("unit", "code"),
    "marks": ("unit", "code", "round", "appraiser", "correction"),
    "survey_counts": ("unit", "code", "group", "question", "option"),
    "survey_valid": ("unit", "code", "group"),
    "statistics": ("unit", "code"),
}
OPTIONAL = ("history", "crosswalk", "previous_scores")  # tables that are there only where such rows were received
SOURCE_OF = {  # tables whose codes are leaves of one source
    "claims": "appraisal",
    "marks": "appraisal",
    "survey_counts": "survey",
    "survey_valid": "survey",
    "statistics": "statistics",
}
RESULTS = (
    "unit",
    "name",
    "bloc",
    "points",
    "maximum",
    "index",
    "rank",
    "classification",
    "previous_index",
    "index_change",
    "previous_rank",
    "rank_change",
    "self_points",
    "appraised_points",
    "survey_points",
    "statistics_points",
    "bonus",
    "penalty",
    "ranked",
    "comparable",
    "framework",
)
SCORES = (
    "unit",
    "code",
    "level",
    "maximum",
    "applicable",
    "self",
    "first_mark",
    "second_mark",
    "final",
    "source",
    "reason",
)
SERIES = ("unit", "year", "index", "rank", "framework", "break", "reason", "source")
CORE = (
    "unit",
    "comparable",
    "old_framework",
    "framework",
    "leaves",
    "maximum",
    "index",
    "previous_maximum",
    "previous_index",
    "index_change",
    "previous_index_reweighted",
    "index_change_reweighted",
)
FINDINGS = ("unit", "step", "severity", "code", "check", "location", "found", "expected", "advice")


# ------------------------------------------------------------ 1. what is said when something differs


class Failure(Exception):
    """The first thing that differs: where it is and what is wrong (Vietnamese / English)."""


def need(holds: object, where: str, what: str) -> None:
    if not holds:
        raise Failure(f"{where}: {what}")


def same(where: str, what: str, published: object, recomputed: object) -> None:
    """Failure with both values unless they are equal."""
    if published != recomputed:
        values = f"công bố / published: {brief(published)}; tính lại / recomputed: {brief(recomputed)}"
        raise Failure(f"{where}: {what}; {values}")


def brief(value: object) -> str:
    text = str(value)
    return "«" + (text if len(text) <= 200 else text[:200] + "…") + "»"


def plain(text: str) -> str:
    """Text safe for a terminal: whatever is not printable is written as its escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def at(file: str, unit: str = "", code: str = "", column: str = "") -> str:
    named = (("đơn vị/unit", unit), ("mã/code", code), ("cột/column", column))
    return ", ".join([file] + [f"{word} {value[:100]}" for word, value in named if value])


# ------------------------------------------------------------ 2. reading: files, JSON, tables, numbers


class Export:
    """The regular files below one folder, by relative name (NFC, '/'); nothing else is ever opened."""

    def __init__(self, root: Path) -> None:
        self.files: dict[str, Path] = {}
        waiting = [(root, "")]
        while waiting:
            folder, prefix = waiting.pop()
            with os.scandir(folder) as entries:
                for entry in sorted(entries, key=lambda one: one.name):
                    name = unicodedata.normalize("NFC", prefix + entry.name)  # some disks store NFD
                    info = entry.stat(follow_symlinks=False)
                    junction = getattr(info, "st_file_attributes", 0) & 0x400  # a link, on Windows
                    if stat.S_ISDIR(info.st_mode) and not junction:
                        waiting.append((Path(entry.path), name + "/"))
                        continue
                    need(
                        stat.S_ISREG(info.st_mode) and not junction and name not in self.files,
                        name,
                        "là liên kết hoặc không phải tệp thường / is a link or no regular file",
                    )
                    self.files[name] = Path(entry.path)

    def read(self, name: str) -> bytes:
        need(name in self.files, name, "thiếu tệp / file missing")
        return self.files[name].read_bytes()

    def digest(self, name: str) -> tuple[str, int]:
        """SHA-256 and size, whatever the size."""
        digest, size = hashlib.sha256(), 0
        with self.files[name].open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
                size += len(block)
        return digest.hexdigest(), size

    def below(self, folder: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(folder))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object, one_line: bool = False) -> bytes:
    """The one way a JSON value is written: events on one line, files with an indent of one space."""
    layout: dict[str, Any] = {"separators": (",", ":")} if one_line else {"indent": 1}
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, **layout)
    return (text if one_line else text + "\n").encode("utf-8")


def parse_json(data: bytes, where: str, one_line: bool = False) -> Any:
    """A JSON value whose bytes are canonical, so that no key repeats and nothing is read two ways."""
    try:
        value = json.loads(data.decode("utf-8"))
        written = canonical(value, one_line)
    except (ValueError, RecursionError):
        raise Failure(f"{where}: không phải JSON UTF-8 hợp lệ / not valid UTF-8 JSON") from None
    need(written == data, where, "JSON không ở dạng chuẩn / JSON not in canonical form")
    return value


def member(value: object, key: str, kind: "type[Kind]", where: str, default: "Kind | None" = None) -> Kind:
    """value[key], of exactly that type; the default, if there is one, where the key is absent or null."""
    found = value.get(key) if isinstance(value, dict) else None
    if found is None and default is not None and isinstance(value, dict):
        return default
    if type(found) is not kind:
        raise Failure(f"{where}: {key}: thiếu hoặc sai kiểu / missing or not {kind.__name__}")
    return found


def one_of(value: str, allowed: Iterable[str], where: str) -> str:
    need(value in allowed, where, f"giá trị không hợp lệ / value not allowed: {brief(value)}")
    return value


NEEDS_QUOTES = re.compile('[,"\r\n]')
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHOWN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
NUMBER = re.compile(r"(?!-0\Z)-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,9}[1-9])?")
WHOLE = re.compile(r"0|[1-9][0-9]{0,14}")


def neutral(text: str) -> str:
    """Text as a CSV shows it: what a spreadsheet would run as a formula begins with an apostrophe."""
    return "'" + text if text[:1] in FORMULA_STARTS else text


def bare(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if NEEDS_QUOTES.search(cell) else cell


def read_rows(data: bytes, where: str, columns: tuple[str, ...]) -> list[list[str]]:
    """Cells as written, header checked and left out; UTF-8, LF, quotes only where needed."""
    try:
        text = data.decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (ValueError, csv.Error):
        raise Failure(f"{where}: không phải CSV UTF-8 hợp lệ / not valid UTF-8 CSV") from None
    header = ",".join(rows[0]) if rows else ""
    same(where, "dòng tiêu đề khác / header differs", header, ",".join(columns))
    for i, row in enumerate(rows, start=1):
        same(f"{where}, dòng/row {i}", "sai số cột / wrong number of cells", len(row), len(columns))
        for cell in row:
            if cell[:1] in FORMULA_STARTS and not SHOWN_NUMBER.fullmatch(cell):
                same(f"{where}, dòng/row {i}", "ô như công thức / a cell like a formula", cell, neutral(cell))
    need(
        text == "".join(",".join(map(quoted, row)) + "\n" for row in rows),
        where,
        "CSV không ở dạng chuẩn / CSV not in canonical form",
    )
    return rows[1:]


def table(data: bytes, where: str, columns: tuple[str, ...]) -> list[Row]:
    """Rows by column name, the apostrophe that neutralises a formula taken off again."""
    rows = read_rows(data, where, columns)
    return [{column: bare(row[i]) for i, column in enumerate(columns)} for row in rows]


def number(text: object, where: str, least: "int | None" = None) -> Fraction:
    """A canonical decimal (at most 15 digits before and 10 after the point) as an exact fraction."""
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise Failure(f"{where}: không phải số ở dạng chuẩn / not a canonical number: {brief(text)}")
    need(least is None or Fraction(text) >= least, where, f"số quá nhỏ / number too small: {text}")
    return Fraction(text)


def whole(text: str, where: str) -> int:
    need(WHOLE.fullmatch(text), where, f"không phải số nguyên ≥ 0 / not a whole number ≥ 0: {brief(text)}")
    return int(text)


def scaled(value: Fraction, places: int) -> int:
    """value × 10^places, rounded half-up: ties away from zero."""
    size = abs(value) * 10**places
    rounded: int = (2 * size.numerator + size.denominator) // (2 * size.denominator)
    return -rounded if value < 0 else rounded


def half_up(value: Fraction, places: int) -> Fraction:
    return Fraction(scaled(value, places), 10**places)


def show(value: Fraction, places: int) -> str:
    """Fixed decimals, half-up, a zero without sign."""
    units = scaled(value, places)
    digits = str(abs(units)).rjust(places + 1, "0")
    text = digits[: len(digits) - places] + ("." + digits[len(digits) - places :] if places else "")
    return "-" + text if units < 0 else text


def code_order(code: str) -> list[tuple[int, int, str]]:
    """Codes order number by number: 1.2 before 1.10."""
    return [(0, int(part), part) if re.fullmatch("[0-9]{1,15}", part) else (1, 0, part) for part in code.split(".")]


# ------------------------------------------------------------ 3. manifest: every file and its digest

NOT_LISTED = ("manifest.json", "manifest.sha256", "manifest.sig")


def check_files(export: Export, manifest: object, where: str, prefix: str, present: list[str]) -> None:
    """Every listed file is there with its size and SHA-256, and no other file is."""
    listed, here = member(manifest, "files", dict, where), set(present)
    for name, entry in sorted(listed.items()):
        file, place = prefix + name, f"{where}: {name}"
        need(file in here, file, "có trong manifest nhưng thiếu tệp / listed, but missing")
        same(
            file,
            "SHA-256 hoặc dung lượng khác / SHA-256 or size differs",
            (member(entry, "sha256", str, place), member(entry, "size", int, place)),
            export.digest(file),
        )
    for name in present:
        need(name[len(prefix) :] in listed, name, "tệp không có trong manifest / file not in the manifest")


def check_manifest(export: Export) -> dict[str, Any]:
    where, folder = "manifest.json", "inputs/frameworks/"
    data = export.read(where)
    same(
        "manifest.sha256",
        "không khớp manifest.json / does not match manifest.json",
        export.read("manifest.sha256"),
        f"{sha256(data)}  manifest.json\n".encode(),
    )
    manifest: dict[str, Any] = parse_json(data, where)
    member(manifest, "version", int, where)
    for key in ("cycle", "published_at", "published_by"):
        member(manifest, key, str, where)
    for key in ("version", "digest"):
        member(member(manifest, "software", dict, where), key, str, f"{where}: software")
    for entry in member(manifest, "received", list, where):
        member(entry, "path", str, f"{where}: received")
        member(entry, "sha256", str, f"{where}: received")
        member(entry, "size", int, f"{where}: received")
    here = [name for name in export.below("") if name not in NOT_LISTED and not name.startswith("annex/")]
    check_files(export, manifest, where, "", here)
    for name in ["verify.py", "results.csv", "scores.csv", "findings.csv", "audit.jsonl"]:
        need(name in here, name, "thiếu tệp / file missing")
    frameworks = {name: export.digest(name)[0] for name in export.below(folder)}
    named = member(manifest, "frameworks", dict, where)
    same(
        f"{where}: frameworks",
        "khác mã băm các bộ tiêu chí / differs from the frameworks' digests",
        {f"{folder}{identity}.json": digest for identity, digest in named.items()},
        frameworks,
    )
    return manifest


# ------------------------------------------------------------ 4. signature: Ed25519 (RFC 8032, 5.1.7)

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T


def decode_point(data: bytes) -> "Point | None":
    encoded = int.from_bytes(data, "little")
    sign, y = encoded >> 255, encoded & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x: int = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    key, commitment = decode_point(public_key), decode_point(signature[:32])
    base = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or base is None or s >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + public_key + message).digest()
    left = times(s, base)
    right = add(commitment, times(int.from_bytes(hashed, "little") % ORDER, key))
    return all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def check_signature(export: Export, key: str) -> str:
    """A note on what the signature proves; Failure if it is wrong, or absent although a key was given."""
    name = "manifest.sig"
    if name not in export.files:
        need(not key, name, "có khóa nhưng không có chữ ký / a key was given, but there is no signature")
        return "không có, mã băm chỉ chống sai sót vô ý / none, digests guard against accidents only"
    signed = parse_json(export.read(name), name)
    by, value = member(signed, "public_key", str, name), member(signed, "signature", str, name)
    need(
        signed == {"algorithm": "Ed25519", "public_key": by, "signature": value}
        and re.fullmatch("[0-9a-f]{64} [0-9a-f]{128}", f"{by} {value}"),
        name,
        "không phải chữ ký Ed25519 đúng dạng / no well-formed Ed25519 signature",
    )
    same(name, "ký bằng khóa khác / signed with another key", by, key or by)
    need(
        signature_holds(bytes.fromhex(by), export.read("manifest.json"), bytes.fromhex(value)),
        name,
        "chữ ký sai / the signature is wrong",
    )
    if key:
        return "đúng, bằng khóa đã cho / holds, by the key given"
    return (
        "đúng, nhưng khi không có khóa biết từ nơi khác (--key) thì chỉ chứng minh tính toàn vẹn"
        " / holds, but without a key known from elsewhere (--key) it proves only integrity"
    )


# ------------------------------------------------------------ 5. audit: the chain of events

EVENT_KEYS = {"at", "actor", "action", "cycle", "content_digest", "previous", "digest"}  # and seq


def lines_of(data: bytes, where: str) -> Iterator[tuple[str, Any]]:
    *lines, rest = data.split(b"\n")
    need(rest == b"", where, "dòng cuối không kết thúc / the last line does not end")
    for i, line in enumerate(lines, start=1):
        yield f"{where}, dòng/line {i}", parse_json(line, f"{where}, dòng/line {i}", one_line=True)


def check_content(content: object, digest: str, place: str) -> str:
    """The unit an event's content names ('' for none), once its digest is right."""
    same(
        place,
        "nội dung khác content_digest / content differs from content_digest",
        digest,
        sha256(canonical(content, one_line=True)),
    )
    return member(content, "unit", str, f"{place}: content")


def check_chain(data: bytes, manifest: dict[str, Any], checkpoint: str) -> tuple[dict[int, str], set[str]]:
    """Hidden events (seq -> content digest) and every unit that an open event names."""
    passed = checkpoint in ("", "0:" + "0" * 64)
    head, count, hidden, named = "0" * 64, 0, dict[int, str](), set[str]()
    for place, event in lines_of(data, "audit.jsonl"):
        count += 1
        same(place, "seq đứt quãng / seq has a gap", member(event, "seq", int, place), count)
        for key in sorted(EVENT_KEYS):
            member(event, key, str, place)
        need(set(event) <= EVENT_KEYS | {"seq", "content"}, place, "thừa khóa / a key too many")
        same(place, "sự kiện của kỳ khác / event of another cycle", event["cycle"], manifest["cycle"])
        same(place, "đứt chuỗi: previous / chain broken: previous", event["previous"], head)
        digested = {key: value for key, value in event.items() if key not in ("digest", "content")}
        head = sha256(canonical(digested, one_line=True))
        same(place, "digest của sự kiện sai / digest of the event is wrong", event["digest"], head)
        if checkpoint.startswith(f"{count}:"):
            same(place, "khác điểm kiểm tra / differs from the checkpoint", head, checkpoint.partition(":")[2])
            passed = True
        if "content" in event:
            named.add(check_content(event["content"], event["content_digest"], place))
        else:
            hidden[count] = event["content_digest"]
    need(passed, "audit.jsonl", "chuỗi ngắn hơn điểm kiểm tra / the chain is shorter than the checkpoint")
    same(
        "manifest.json: audit",
        "khác chuỗi nhật ký / differs from the audit chain",
        member(manifest, "audit", dict, "manifest.json"),
        {"events": count, "head": head},
    )
    return hidden, named


def check_opened(data: bytes, name: str, hidden: dict[int, str], is_part: bool) -> set[int]:
    """The annex opens every hidden event (one of several annexes: its own), in order, and nothing else."""
    opened = list[int]()
    for place, line in lines_of(data, name):
        opened.append(member(line, "seq", int, place))
        need(
            opened[-1] in hidden and set(line) == {"seq", "content"},
            place,
            "không ứng với sự kiện ẩn nào / opens no hidden event",
        )
        check_content(line["content"], hidden[opened[-1]], place)
    same(
        name,
        "không mở đủ sự kiện ẩn theo thứ tự / does not open all hidden events in order",
        opened,
        sorted(set(opened) if is_part else hidden),
    )
    return set(opened)


# ------------------------------------------------------------ 6. the framework and the cycle


class Leaf(NamedTuple):
    """What carries points: maximum exact, points rounded once to `places` decimals."""

    code: str
    path: tuple[str, ...]  # its own code, then criterion and field: the most specific decides
    maximum: Fraction
    source: str
    evidence_required: bool
    rule: dict[str, Any]
    places: int


class Level(NamedTuple):
    """One row of the tree: field, criterion or leaf, with the codes of the leaves it spans."""

    name: str
    maximum: Fraction
    leaves: list[str]


class Framework(NamedTuple):
    id: str
    places: int
    caps: dict[str, Worth]  # bonus, penalty
    levels: dict[str, Level]  # in the order of codes
    leaves: dict[str, Leaf]


class Bloc(NamedTuple):
    framework: Framework
    bands: list[tuple[Fraction, str]]  # floors descending


class Cycle(NamedTuple):
    id: str
    places: int
    zero_without_evidence: bool
    classify_on_shown: bool
    survey_present: bool
    blocs: dict[str, Bloc]
    year: int


def places_of(value: object, key: str, where: str) -> int:
    places = member(value, key, int, where)
    need(0 <= places <= 15, f"{where}: {key}", "số chữ số thập phân ngoài 0..15 / decimals outside 0..15")
    return places


def load_leaf(node: object, path: tuple[str, ...], maximum: Fraction, places: int, where: str) -> Leaf:
    source = one_of(member(node, "source", str, where), ("appraisal", "survey", "statistics"), where)
    evidence = member(node, "evidence", str, where, None if source == "appraisal" else "none")
    one_of(evidence, ("required", "optional", "none"), where)
    rule = member(node, "rule", dict, where, {} if source == "statistics" else None)
    return Leaf(path[0], path, maximum, source, evidence == "required", rule, places)


def load_framework(data: bytes, where: str, identity: str) -> Framework:
    raw = parse_json(data, where)
    same(where, "id khác tên tệp / id differs from the file's name", member(raw, "id", str, where), identity)
    places = places_of(raw, "leaf_decimals", where)
    levels, leaves = dict[str, Level](), dict[str, Leaf]()

    def enter(node: object, name: str, above: tuple[str, ...]) -> tuple[str, ...]:
        code = member(node, "code", str, where)
        place = at(where, code=code)
        need(code not in levels, place, "mã trùng / the code stands twice")
        levels[code] = Level(name, number(member(node, "maximum", str, place), place, 0), [])
        if name == "leaf":
            leaves[code] = load_leaf(node, (code, *above), levels[code].maximum, places, place)
            for spanning in (code, *above):
                levels[spanning].leaves.append(code)
        return (code, *above)

    for part in member(raw, "fields", list, where):
        in_field = enter(part, "field", ())
        for criterion in member(part, "criteria", list, where):
            below = member(criterion, "sub_criteria", list, where, [])
            in_criterion = enter(criterion, "criterion" if below else "leaf", in_field)
            for sub in below:
                enter(sub, "leaf", in_criterion)
    caps = {
        kind: number(raw[f"{kind}_maximum"], f"{where}: {kind}_maximum", 0)
        if raw.get(f"{kind}_maximum") is not None
        else None
        for kind in ("bonus", "penalty")
    }
    in_order = {code: levels[code] for code in sorted(levels, key=code_order)}
    return Framework(identity, places, caps, in_order, leaves)


def load_cycle(export: Export) -> Cycle:
    where, blocs = "inputs/cycle.json", dict[str, Bloc]()
    raw = parse_json(export.read(where), where)
    for part in member(raw, "blocs", list, where):
        key, identity = member(part, "key", str, where), member(part, "framework", str, where)
        name = f"inputs/frameworks/{identity}.json"
        bands = [
            (number(member(band, "floor", str, where), where), member(band, "name", str, where))
            for band in member(part, "bands", list, where)
        ]
        floors = [floor for floor, _ in bands]
        need(
            key not in blocs and floors == sorted(set(floors), reverse=True),
            f"{where}: {key}",
            "khối trùng hoặc ngưỡng không giảm dần / bloc stands twice or floors do not descend",
        )
        blocs[key] = Bloc(load_framework(export.read(name), name, identity), bands)
    missing = one_of(member(raw, "missing_evidence", str, where), ("explain", "zero"), where)
    basis = one_of(member(raw, "classify_on", str, where), ("exact", "shown"), where)
    return Cycle(
        member(raw, "id", str, where),
        places_of(raw, "decimals", where),
        missing == "zero",
        basis == "shown",
        member(raw, "survey_present", bool, where),
        blocs,
        member(raw, "year", int, where),
    )


# ------------------------------------------------------------ 7. inputs: tables, their keys and units


def load_units(rows: list[Row], file: str, cycle: Cycle, published: str) -> dict[str, Framework]:
    """Each unit's framework; here stand published units only, in the annex unpublished ones only."""
    for row in rows:
        where = at(file, row["unit"])
        for flag in ("scored", "ranked"):
            one_of(row[flag], ("yes", "no"), f"{where}, cột/column {flag}")
        need(row["unit"], where, "thiếu mã đơn vị / unit without code")
        same(where, "đơn vị không thuộc phần này / unit does not belong here", row["published"], published)
        one_of(row["bloc"], cycle.blocs, f"{where}, cột/column bloc")
    return {row["unit"]: cycle.blocs[row["bloc"]].framework for row in rows}


def load_tables(export: Export, folder: str, cycle: Cycle, published: str) -> Tables:
    """The tables below folder; rows that repeat or name an unknown unit or code are refused."""
    tables = {
        name: table(export.read(f"{folder}{name}.csv"), f"{folder}{name}.csv", columns)
        if name not in OPTIONAL or f"{folder}{name}.csv" in export.files
        else []
        for name, columns in TABLES.items()
    }
    frameworks = load_units(tables["units"], f"{folder}units.csv", cycle, published)
    for name, rows in tables.items():
        seen: set[tuple[str, ...]] = set()
        for row in rows:
            where = at(f"{folder}{name}.csv", row.get("unit", ""), row.get("code", ""))
            key = tuple(row[column] for column in KEYS.get(name, ()))
            need(not key or key not in seen, where, "dòng trùng / row stands twice")
            seen.add(key)
            if name in ("responsibilities", "crosswalk"):  # an appraiser's own unit may be hidden, or none
                continue
            need(row["unit"] in frameworks, where, "đơn vị không có trong units.csv / unit not in units.csv")
            framework, source = frameworks[row["unit"]], SOURCE_OF.get(name)
            known = framework.leaves if source else framework.levels
            if name == "previous_scores":  # codes of last year's framework
                continue
            need("code" not in row or row["code"] in known, where, "mã không có / no such code")
            need(
                not source or framework.leaves[row["code"]].source == source,
                where,
                f"không phải thành phần loại {source} / no {source} leaf",
            )
    return tables


def by_unit_and(column: str, rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["unit"], row[column]), []).append(row)
    return groups


class Inputs:
    """The tables of one part of an export (main or annex), looked up by unit and code."""

    def __init__(self, folder: str, tables: Tables) -> None:
        self.folder = folder
        self.units = tables["units"]
        self.previous = {row["unit"]: row for row in tables["previous"]}
        self.past = {(row["unit"], row["code"]): row for row in tables["previous_scores"]}
        self.crosswalks: dict[str, dict[str, list[Row]]] = {}  # framework, then the earlier one -> lines
        for row in tables["crosswalk"]:
            self.crosswalks.setdefault(row["framework"], {}).setdefault(row["old_framework"], []).append(row)
        self.history: dict[str, list[Row]] = {}
        for row in tables["history"]:
            self.history.setdefault(row["unit"], []).append(row)
        self.exemptions = {(row["unit"], row["code"]): row["reason"] for row in tables["exemptions"]}
        self.claims = {(row["unit"], row["code"]): row for row in tables["claims"]}
        self.marks = by_unit_and("code", tables["marks"])
        self.counts = by_unit_and("code", tables["survey_counts"])
        self.valid = by_unit_and("code", tables["survey_valid"])
        self.statistics = {(row["unit"], row["code"]): row["points"] for row in tables["statistics"]}
        self.adjustments = by_unit_and("kind", tables["adjustments"])
        self.evidenced = {
            (row["unit"], row["code"]) for row in tables["evidence"] if row["kind"] == "evidence" or row["file"]
        }
        for name, kinds in (("evidence", ("evidence", "explanation")), ("adjustments", ("bonus", "penalty"))):
            for row in tables[name]:
                one_of(row["kind"], kinds, at(f"{folder}{name}.csv", row["unit"]))
        self.belongs: dict[str, set[str]] = {}  # appraiser -> units
        self.charged: dict[str, set[str]] = {}  # appraiser -> codes
        for row in tables["responsibilities"]:
            self.belongs.setdefault(row["appraiser"], set()).add(row["unit"])
            self.charged.setdefault(row["appraiser"], set()).add(row["code"])


# ------------------------------------------------------------ 8. rules: from inputs to points


def pass_fail(leaf: Leaf, given: Row, where: str) -> Fraction:
    return leaf.maximum if one_of(given["met"], ("yes", "no"), where) == "yes" else ZERO


def choice(leaf: Leaf, given: Row, where: str) -> Fraction:
    options = {
        member(option, "value", str, where): member(option, "points", str, where)
        for option in member(leaf.rule, "options", list, where)
    }
    return number(options[one_of(given["option"], options, where)], where)


def of_ratio(leaf: Leaf, given: Row, where: str, reached: Callable[[Fraction], Fraction]) -> Worth:
    """Points of numerator / denominator; 0 of 0 is worth what the leaf's when_zero says."""
    above, under = number(given["numerator"], where, 0), number(given["denominator"], where, 0)
    if under:
        return reached(above / under)
    need(not above, where, "mẫu số bằng 0, tử số khác 0 / denominator 0 under another numerator")
    worth = {"full": leaf.maximum, "zero": ZERO, "not_applicable": None}
    return worth[one_of(member(leaf.rule, "when_zero", str, where, "zero"), worth, where)]


def ratio(leaf: Leaf, given: Row, where: str) -> Worth:
    floor = number(member(leaf.rule, "floor", str, where, "0"), where)
    return of_ratio(
        leaf,
        given,
        where,
        lambda share: ZERO if share * 100 < floor else leaf.maximum * min(share, Fraction(1)),
    )


def tiers(leaf: Leaf, given: Row, where: str) -> Worth:
    steps = sorted(
        (
            (
                number(member(tier, "at_least", str, where), where),
                number(member(tier, "points", str, where), where),
                tier.get("linear_from"),
            )
            for tier in member(leaf.rule, "tiers", list, where)
        ),
        key=lambda step: step[0],
    )

    def reached(value: Fraction) -> Fraction:
        taken = [step for step in steps if step[0] <= value]
        if not taken:
            return ZERO
        threshold, points, linear_from = taken[-1]
        if linear_from is None:
            return points
        need(len(taken) < len(steps), where, "linear_from ở bậc cao nhất / linear_from on the highest tier")
        start = number(linear_from, where)
        return start + (points - start) * (value - threshold) / (steps[len(taken)][0] - threshold)

    if measure_of(leaf, where) == "ratio":
        return of_ratio(leaf, given, where, lambda share: reached(share * 100))
    return reached(number(given["value"], where))


def measure_of(leaf: Leaf, where: str) -> str:
    return one_of(member(leaf.rule, "measure", str, where, "value"), ("value", "ratio"), where)


def deduction(leaf: Leaf, given: Row, where: str) -> Fraction:
    lowest = number(member(leaf.rule, "minimum", str, where, "0"), where)
    each = number(member(leaf.rule, "per_unit", str, where), where)
    return max(leaf.maximum - each * whole(given["count"], where), lowest)


def judgement(leaf: Leaf, given: Row, where: str) -> Fraction:
    return number(given["points"], where)


KINDS: dict[str, tuple[tuple[str, ...], Callable[[Leaf, Row, str], Worth]]] = {
    "pass_fail": (("met",), pass_fail),
    "choice": (("option",), choice),
    "tiers": (("value",), tiers),
    "ratio": (("numerator", "denominator"), ratio),
    "deduction": (("count",), deduction),
    "judgement": (("points",), judgement),
}


def inputs_of(leaf: Leaf, where: str) -> tuple[str, ...]:
    kind = one_of(member(leaf.rule, "kind", str, where), KINDS, f"{where}: rule.kind")
    return KINDS["ratio" if kind == "tiers" and measure_of(leaf, where) == "ratio" else kind][0]


def has_inputs(leaf: Leaf, row: Row, where: str) -> bool:
    """Whether the row carries the rule's inputs; half of them is a failure."""
    filled = [row[name] != "" for name in inputs_of(leaf, where)]
    need(all(filled) or not any(filled), where, "số liệu đầu vào không đủ / inputs of the rule incomplete")
    return all(filled)


def points_of(leaf: Leaf, row: Row, where: str) -> Worth:
    """Points of the row's inputs, rounded once; None where 0 of 0 means not applicable."""
    return in_range(leaf, KINDS[leaf.rule["kind"]][1](leaf, row, where), where)


def in_range(leaf: Leaf, points: Worth, where: str) -> Worth:
    if points is None:
        return None
    need(
        points <= leaf.maximum and (points >= 0 or leaf.rule.get("kind") == "deduction"),
        where,
        f"điểm ngoài 0..điểm tối đa / points outside 0..maximum: {show(points, leaf.places)}",
    )
    return half_up(points, leaf.places)


def survey(leaf: Leaf, counts: list[Row], valid: list[Row], where: str) -> Worth:
    """maximum × Σ share × mean option percent / 100 over groups; None on shortfall."""
    rule = leaf.rule
    one_of(member(rule, "kind", str, where), ("survey",), f"{where}: rule.kind")
    questions = member(rule, "questions", list, where)
    need(
        questions and all(type(question) is str for question in questions),
        f"{where}: questions",
        "không có câu hỏi hợp lệ / no valid questions",
    )
    percents = {key: number(value, where) for key, value in member(rule, "options", dict, where).items()}
    weights = {group: number(weight, where, 0) for group, weight in member(rule, "group_weights", dict, where).items()}
    least = member(rule, "minimum_valid", dict, where, {})
    respondents = dict.fromkeys(weights, 0)
    respondents.update({one_of(row["group"], weights, where): whole(row["valid"], where) for row in valid})
    answered = {(group, question): 0 for group in weights for question in questions}
    sums = dict.fromkeys(weights, ZERO)
    for row in counts:
        place = one_of(row["group"], weights, where), one_of(row["question"], questions, where)
        count = whole(row["count"], where)
        answered[place] += count
        sums[row["group"]] += count * percents[one_of(row["option"], percents, where)]
    for (group, question), total in answered.items():
        same(
            f"{where}, {group}, {question}",
            "số trả lời khác số người hợp lệ / answers are not one per valid respondent",
            total,
            respondents[group],
        )
    enough = {
        group: weight
        for group, weight in weights.items()
        if respondents[group] >= max(1, member(least, group, int, where, 1))
    }
    shortfall = one_of(
        member(rule, "on_shortfall", str, where, "not_applicable"), ("not_applicable", "reweight"), where
    )
    whole_weight = sum(enough.values(), ZERO)
    if whole_weight == 0 or (len(enough) < len(weights) and shortfall == "not_applicable"):
        return None
    mean = sum(
        (
            weight / whole_weight * sums[group] / (respondents[group] * len(questions))
            for group, weight in enough.items()
        ),
        ZERO,
    )
    return in_range(leaf, leaf.maximum * mean / 100, where)


# ------------------------------------------------------------ 9. leaves: claims, marks, what counts


class Outcome(NamedTuple):
    """What marks (or data) make of a leaf: its points, or None and why it does not apply."""

    points: Worth
    reason: str
    says_not_applicable: bool = False


class Own(NamedTuple):
    """What the unit itself gave: points as they count, and before missing evidence took them."""

    given: bool = False
    points: Worth = None
    computed: Worth = None
    not_applicable: str = ""


class Score(NamedTuple):
    """One leaf of one unit; final None: it is out of both sides of the division."""

    leaf: Leaf
    own: Worth
    first: Worth
    second: Worth
    final: Worth
    reason: str


def own_of(cycle: Cycle, inputs: Inputs, unit: str, leaf: Leaf) -> Own:
    claim, where = inputs.claims.get((unit, leaf.code)), at(f"{inputs.folder}claims.csv", unit, leaf.code)
    if claim is None:
        return Own()
    given = has_inputs(leaf, claim, where)
    computed = points_of(leaf, claim, where) if given else None
    if computed is not None and claim["points"]:
        same(
            where,
            "điểm tự chấm khác điểm tính lại / claimed points differ",
            half_up(number(claim["points"], where), leaf.places),
            computed,
        )
    unproven = leaf.evidence_required and (unit, leaf.code) not in inputs.evidenced
    counting = ZERO if given and unproven and cycle.zero_without_evidence else computed
    return Own(given, counting, computed, claim["not_applicable"])


def outcome_of(mark: Row, own: Own, leaf: Leaf, where: str) -> "Outcome | None":
    """What one mark says; None where it agrees with nothing."""
    agrees = one_of(mark["agree"], ("yes", "no", ""), where) == "yes"
    excludes = one_of(mark["not_applicable"], ("yes", "no", ""), where) == "yes"
    inputs = has_inputs(leaf, mark, where)
    foreign = any(mark[name] and name not in inputs_of(leaf, where) for name in INPUTS)
    need(
        agrees + excludes + inputs == 1 and not foreign,
        where,
        "phải có đúng một: đồng ý, không áp dụng, số liệu / exactly one of: agree, not applicable, inputs",
    )
    if agrees:
        if own.not_applicable:
            return Outcome(None, mark["reason"], True)
        return Outcome(own.points, mark["reason"]) if own.given else None
    points = None if excludes else points_of(leaf, mark, where)
    differs = own.given and points not in (own.points, own.computed)
    need(
        mark["reason"] or mark["correction"] or not (excludes or differs),
        where,
        "phiếu khác tự chấm mà không nêu lý do / the mark differs and gives no reason",
    )
    return Outcome(points, mark["reason"], excludes)


def check_appraiser(inputs: Inputs, mark: Row, leaf: Leaf, where: str) -> None:
    """Nobody marks their own unit, nor a leaf they are not charged with; a correction is a decision."""
    if mark["correction"]:
        need(
            whole(mark["correction"], where) and mark["round"] == "2",
            where,
            "điều chỉnh phải là vòng 2, số từ 1 / a correction is a mark of round 2, numbered from 1",
        )
        return
    need(
        mark["unit"] not in inputs.belongs.get(mark["appraiser"], ()),
        where,
        "người thẩm định chấm đơn vị của mình / an appraiser marked their own unit",
    )
    need(
        inputs.charged.get(mark["appraiser"], set()).intersection(leaf.path),
        where,
        "người thẩm định không được giao mã này / the appraiser is not charged with this code",
    )


def standing(marks: list[Row], own: Own, leaf: Leaf, inputs: Inputs) -> "Outcome | None":
    """The outcome of one round: the highest correction outranks; marks side by side must agree."""
    outcomes: dict[int, list[Outcome]] = {}
    for mark in marks:
        where = at(f"{inputs.folder}marks.csv", mark["unit"], mark["code"]) + f", vòng/round {mark['round']}"
        check_appraiser(inputs, mark, leaf, where)
        outcome = outcome_of(mark, own, leaf, where)
        if outcome is not None:
            outcomes.setdefault(int(mark["correction"] or 0), []).append(outcome)
    if not outcomes:
        return None
    counting = outcomes[max(outcomes)]
    points, says = counting[0].points, any(outcome.says_not_applicable for outcome in counting)
    need(
        all(outcome.points == points for outcome in counting),
        where,
        "các phiếu cùng vòng cho điểm khác nhau / marks of one round give different points",
    )
    reason = "; ".join(sorted({outcome.reason for outcome in counting} - {""}))
    if points is None:
        reason = (reason or own.not_applicable) if says else "0/0"
    return Outcome(points, reason, says)


def from_data(cycle: Cycle, inputs: Inputs, unit: str, leaf: Leaf) -> Outcome:
    """A survey leaf from its counts, a statistics leaf from its row."""
    key, where = (unit, leaf.code), at(f"{inputs.folder}{leaf.source}", unit, leaf.code)
    if leaf.source == "survey":
        need(cycle.survey_present, where, "công bố khi chưa có điều tra / published without a survey")
        points = survey(leaf, inputs.counts.get(key, []), inputs.valid.get(key, []), where)
        return Outcome(points, "" if points is not None else "survey shortfall")
    need(key in inputs.statistics, where, "thiếu số liệu thống kê / statistics row missing")
    return Outcome(in_range(leaf, number(inputs.statistics[key], where), where), "")


def score_leaf(cycle: Cycle, inputs: Inputs, unit: str, leaf: Leaf) -> Score:
    where, own, first, second = at(f"{inputs.folder}marks.csv", unit, leaf.code), Own(), None, None
    if leaf.source == "appraisal":
        own = own_of(cycle, inputs, unit, leaf)
        marks = inputs.marks.get((unit, leaf.code), [])
        need(all(mark["round"] in ("1", "2") for mark in marks), where, "vòng khác 1, 2 / round not 1 or 2")
        first = standing([mark for mark in marks if mark["round"] == "1"], own, leaf, inputs)
        second = standing([mark for mark in marks if mark["round"] == "2"], own, leaf, inputs)
    seen = own.points, first.points if first else None, second.points if second else None
    exempt = [inputs.exemptions[unit, code] for code in leaf.path if (unit, code) in inputs.exemptions]
    if exempt:
        return Score(leaf, *seen, None, exempt[0])
    counts = second or first if leaf.source == "appraisal" else from_data(cycle, inputs, unit, leaf)
    if counts is None:
        raise Failure(f"{where}: thành phần thẩm định không có phiếu chấm / an appraisal leaf has no mark")
    return Score(leaf, *seen, counts.points, counts.reason)


# ------------------------------------------------------------ 10. units: index, rank, class, change


@dataclass
class Unit:
    """One scored unit, its numbers exact; rank None where it is not ranked."""

    row: Row
    bloc: Bloc
    scores: dict[str, Score]
    bonus: Fraction
    penalty: Fraction
    points: Fraction
    maximum: Fraction
    rank: "int | None" = None

    @property
    def code(self) -> str:
        return self.row["unit"]

    @property
    def index(self) -> Fraction:
        return min(self.points / self.maximum * 100, Fraction(100))

    @property
    def ranked(self) -> bool:
        return self.row["ranked"] == "yes" and self.row["published"] == "yes"


def adjustment(inputs: Inputs, unit: str, kind: str, cap: Worth) -> Fraction:
    where = at(f"{inputs.folder}adjustments.csv", unit)
    points = [number(row["points"], where) for row in inputs.adjustments.get((unit, kind), [])]
    need(all(value > 0 for value in points), where, "điểm thưởng, phạt phải dương / points must be positive")
    return sum(points, ZERO) if cap is None else min(sum(points, ZERO), cap)


def score_unit(cycle: Cycle, inputs: Inputs, row: Row) -> Unit:
    bloc = cycle.blocs[row["bloc"]]
    leaves, caps = bloc.framework.leaves.values(), bloc.framework.caps
    scores = {leaf.code: score_leaf(cycle, inputs, row["unit"], leaf) for leaf in leaves}
    bonus, penalty = (adjustment(inputs, row["unit"], kind, caps[kind]) for kind in ("bonus", "penalty"))
    points = sum((score.final for score in scores.values() if score.final is not None), bonus - penalty)
    maximum = sum((score.leaf.maximum for score in scores.values() if score.final is not None), ZERO)
    where = at(f"{inputs.folder}units.csv", row["unit"])
    need(maximum, where, "không thành phần nào áp dụng / no leaf applies")
    return Unit(row, bloc, scores, bonus, penalty, points, maximum)


def order_bloc(units: list[Unit]) -> list[Unit]:
    """Ranked units by exact index (1-2-2-4), then by unit; the others follow, by unit."""
    ranked = sorted((unit for unit in units if unit.ranked), key=lambda unit: (-unit.index, unit.code))
    for i, unit in enumerate(ranked):
        unit.rank = ranked[i - 1].rank if i and ranked[i - 1].index == unit.index else i + 1
    return ranked + sorted((unit for unit in units if not unit.ranked), key=lambda unit: unit.code)


def classify(cycle: Cycle, unit: Unit) -> str:
    index = half_up(unit.index, cycle.places) if cycle.classify_on_shown else unit.index
    return next((name for floor, name in unit.bloc.bands if floor <= index), "")


def changes(cycle: Cycle, inputs: Inputs, unit: Unit) -> tuple[str, list[str]]:
    """comparable; previous_index, index_change, previous_rank, rank_change (empty if not comparable)."""
    before, where = inputs.previous.get(unit.code), at(f"{inputs.folder}previous.csv", unit.code)
    if before is None or not before["index"] or unit.row["predecessors"]:
        return "no", ["", "", "", ""]
    index, rank, rank_change = number(before["index"], where), before["rank"], ""
    if rank and unit.rank is not None and before["bloc"] in ("", unit.row["bloc"]):
        rank_change = str(whole(rank, where) - unit.rank)
    change = half_up(unit.index, cycle.places) - index
    return "yes", [show(index, cycle.places), show(change, cycle.places), rank, rank_change]


def result_row(cycle: Cycle, inputs: Inputs, unit: Unit) -> list[str]:
    framework = unit.bloc.framework
    applying = [score for score in unit.scores.values() if score.final is not None]
    sums = {
        source: sum((score.final or ZERO for score in applying if score.leaf.source == source), ZERO)
        for source in ("appraisal", "survey", "statistics")
    }
    own = sum((score.own for score in applying if score.own is not None), ZERO)
    comparable, change = changes(cycle, inputs, unit)
    points, maximum, *parts = (
        show(value, framework.places)
        for value in (unit.points, unit.maximum, own, *sums.values(), unit.bonus, unit.penalty)
    )
    return [
        neutral(unit.code),
        neutral(unit.row["name"]),
        neutral(unit.row["bloc"]),
        points,
        maximum,
        show(unit.index, cycle.places),
        "" if unit.rank is None else str(unit.rank),
        neutral(classify(cycle, unit)),
        *change,
        *parts,
        "yes" if unit.ranked else "no",
        comparable,
        neutral(framework.id),
    ]


def score_rows(unit: Unit) -> list[list[str]]:
    """A row for each field, criterion and leaf; above leaves, sums over the leaves that apply."""
    rows, places = [], unit.bloc.framework.places
    for code, level in unit.bloc.framework.levels.items():
        scores = [unit.scores[leaf] for leaf in level.leaves]
        applying = [score for score in scores if score.final is not None]
        counted = scores if level.name == "leaf" else applying
        cells = [show(sum((score.leaf.maximum for score in applying), ZERO), places)]
        for name in ("own", "first", "second", "final"):
            values = [getattr(score, name) for score in counted if getattr(score, name) is not None]
            cells.append(show(sum(values, ZERO), places) if values else "")
        ending = [scores[0].leaf.source, neutral(scores[0].reason)] if level.name == "leaf" else ["", ""]
        row = [neutral(unit.code), neutral(code), level.name, show(level.maximum, places)]
        rows.append([*row, *cells, *ending])
    return rows


def why_apart(before: Row, now: Row, unit: Row, is_last: bool) -> tuple[bool, str]:
    """Whether one year's row does not continue the one above it, and every reason in words."""
    said, known = list[str](), "" not in (before["framework"], now["framework"])
    if int(now["year"]) != int(before["year"]) + 1:
        said.append(f"không có số liệu giữa / no figure between: {before['year']} – {now['year']}")
    if known and before["framework"] != now["framework"]:
        said.append(f"đổi bộ tiêu chí / framework changed: {before['framework']} → {now['framework']}")
    if unit["valid_from"] and before["year"] < unit["valid_from"].partition("-")[0] <= now["year"]:
        said.append(f"đơn vị có từ / the unit exists since: {unit['valid_from']}")
    if is_last and unit["predecessors"]:
        said.append(f"hình thành từ / formed of: {unit['predecessors']}")
    apart = bool(said)
    return apart, "; ".join(said if known else [*said, "chưa rõ bộ tiêu chí / framework not stated"])


def series_rows(cycle: Cycle, inputs: Inputs, unit: Unit) -> list[list[str]]:
    """A unit's years in order: those told, last year's (its own table counts before what is told), this year's."""
    where, found = at(f"{inputs.folder}history.csv", unit.code), dict[int, Row]()
    for row in inputs.history.get(unit.code, []):
        year = row["year"]
        need(re.fullmatch("[0-9]{4}", year) and int(year) < cycle.year, where, f"năm sai / wrong year: {brief(year)}")
        found[int(year)] = {**row, "index": show(number(row["index"], where), cycle.places)}
    before = inputs.previous.get(unit.code)
    if before is not None and before["index"]:
        index = show(number(before["index"], at(f"{inputs.folder}previous.csv", unit.code)), cycle.places)
        stated = {"year": str(cycle.year - 1), "index": index, "source": "previous/results.csv"}
        found[cycle.year - 1] = {**before, **stated}
    found[cycle.year] = {
        "year": str(cycle.year),
        "index": show(unit.index, cycle.places),
        "rank": "" if unit.rank is None else str(unit.rank),
        "framework": unit.bloc.framework.id,
        "source": "results.csv",
    }
    rows, in_order = list[list[str]](), [found[key] for key in sorted(found)]
    for i, row in enumerate(in_order):
        apart, reason = why_apart(in_order[i - 1], row, unit.row, row is in_order[-1]) if i else (False, "")
        cells = [row["year"], row["index"], row["rank"], neutral(row["framework"]), "yes" if apart else "no"]
        rows.append([neutral(unit.code), *cells, neutral(reason), neutral(row["source"])])
    return rows


def core_row(cycle: Cycle, inputs: Inputs, unit: Unit) -> "list[str] | None":
    """The comparable core: leaves of the same meaning that applied in both years; None without a crosswalk here."""
    identity, before = unit.bloc.framework.id, inputs.previous.get(unit.code)
    if identity not in inputs.crosswalks:
        return None
    compared = before is not None and before["index"] != "" and unit.row["predecessors"] == ""
    old = before["framework"] if before is not None and compared else ""
    where = at(f"{inputs.folder}previous_scores.csv", unit.code)
    leaves, now, most, then, most_then, same_weights = 0, ZERO, ZERO, ZERO, ZERO, ZERO
    for line in inputs.crosswalks[identity].get(old, []):
        score = unit.scores.get(line["code"])
        rows = [inputs.past.get((unit.code, code)) for code in line["old_codes"].split(";")]
        told = [row for row in rows if row is not None and row["final"] and number(row["applicable"], where) > 0]
        if line["same_meaning"] != "yes" or score is None or score.final is None or len(told) < len(rows):
            continue
        points = sum((number(row["final"], where) for row in told), ZERO)
        maximum = sum((number(row["applicable"], where) for row in told), ZERO)
        leaves, now, most = leaves + 1, now + score.final, most + score.leaf.maximum
        then, most_then = then + points, most_then + maximum
        same_weights += score.leaf.maximum * points / maximum
    if not leaves:
        return [neutral(unit.code), "no", "", neutral(identity), *[""] * 8]
    index, last, weighted = (
        half_up(part / whole_of * 100, cycle.places)
        for part, whole_of in ((now, most), (then, most_then), (same_weights, most))
    )
    places = unit.bloc.framework.places
    return [
        neutral(unit.code),
        "yes",
        neutral(old),
        neutral(identity),
        str(leaves),
        show(most, places),
        show(index, cycle.places),
        show(most_then, places),
        show(last, cycle.places),
        show(index - last, cycle.places),
        show(weighted, cycle.places),
        show(index - weighted, cycle.places),
    ]


class Computed(NamedTuple):
    """One part of an export: '' or 'annex/', the rows of its tables as cells, its inputs."""

    prefix: str
    results: list[list[str]]
    scores: list[list[str]]
    leaves: int
    tables: Tables
    series: list[list[str]]  # none where no earlier year is told
    core: list[list[str]]  # none without a crosswalk and last year's scores of its leaves


def compute(cycle: Cycle, prefix: str, tables: Tables, more_responsibilities: Iterable[Row] = ()) -> Computed:
    charged = [*more_responsibilities, *tables["responsibilities"]]
    inputs = Inputs(f"{prefix}inputs/", {**tables, "responsibilities": charged})
    units = [score_unit(cycle, inputs, row) for row in inputs.units if row["scored"] == "yes"]
    ordered = [unit for key in cycle.blocs for unit in order_bloc([u for u in units if u.row["bloc"] == key])]
    by_code = sorted(units, key=lambda unit: unit.code)
    cores = [core_row(cycle, inputs, unit) for unit in by_code] if tables["previous_scores"] else []
    return Computed(
        prefix,
        [result_row(cycle, inputs, unit) for unit in ordered],
        [row for unit in ordered for row in score_rows(unit)],
        sum(len(unit.scores) for unit in units),
        tables,
        [row for unit in by_code for row in series_rows(cycle, inputs, unit)] if tables["history"] else [],
        [row for row in cores if row is not None],
    )


def annexes(export: Export) -> list[str]:
    """The annexes that are present: 'annex/' itself and every folder in it that has a manifest of its own."""
    found, files = list[str](), export.below("annex/")
    for file in files:
        parts = file.split("/")
        if parts[-1] == "manifest.json" and len(parts) <= 3:
            found.append(file[: -len("manifest.json")])
    named = tuple(place for place in found if place != "annex/")
    rest = [file for file in files if not file.startswith(named)] if named else files
    need(not rest or "annex/" in found, "annex/manifest.json", "thiếu tệp / file missing")
    return sorted(found)


def files_of(export: Export, place: str) -> list[str]:
    """The files of one annex: what lies in a named annex is not part of annex/ itself."""
    others = tuple(one for one in annexes(export) if one != place and one.startswith(place))
    return [file for file in export.below(place) if not others or not file.startswith(others)]


def compute_parts(export: Export, cycle: Cycle) -> Iterator[Computed]:
    """The published part and, where they are present, the annexes (whose appraisers are those of both)."""
    main = load_tables(export, "inputs/", cycle, "yes")
    yield compute(cycle, "", main)
    ending = "inputs/units.csv"  # an annex may hold closed analyses alone
    for place in [file[: -len(ending)] for file in export.below("annex/") if file.endswith("/" + ending)]:
        yield compute(cycle, place, load_tables(export, f"{place}inputs/", cycle, "no"), main["responsibilities"])


def recompute(folder: "Path | str") -> dict[str, list[list[str]]]:
    """Rows of results and scores (and annex/results, annex/scores where there is an annex), as cells."""
    export = Export(Path(folder))
    rows: dict[str, list[list[str]]] = {}
    for part in compute_parts(export, load_cycle(export)):
        rows.update({part.prefix + "results": part.results, part.prefix + "scores": part.scores})
        rows.update({part.prefix + name: got for name, got in (("series", part.series), ("core", part.core)) if got})
    return rows


# ------------------------------------------------------------ 11. published against computed; the annex


def compare(export: Export, file: str, columns: tuple[str, ...], recomputed: list[list[str]]) -> None:
    """Cell by cell; the first difference is named by file, unit, code, column and both values."""
    published = read_rows(export.read(file), file, columns)
    for i, (found, expected) in enumerate(zip_longest(published, recomputed), start=2):
        if found is None or expected is None:
            same(f"{file}, dòng/row {i}", "thiếu hoặc thừa dòng / a row missing or too many", found, expected)
        for j, column in enumerate(columns):
            code = expected[1] if "code" in columns else ""
            if found[j] != expected[j]:
                where = f"{at(file, expected[0], code, column)}, dòng/row {i}"
                same(where, "khác / differs", found[j], expected[j])


def check_annex_files(export: Export, manifest: dict[str, Any], place: str) -> bool:
    """Whether the annex is one of several."""
    name, what = f"{place}manifest.json", "phụ lục của bản công bố khác / annex of another publication"
    annex = parse_json(export.read(name), name)
    part = member(annex, "part", str, name, "-")
    folder = place[len("annex/") :].rstrip("/")
    same(f"{name}: part", "phụ lục đặt sai chỗ / annex in another's place", part, folder if part != "-" else "-")
    need(part != "-" or place == "annex/", name, "phụ lục không nêu tên / the annex does not say its name")
    same(f"{name}: cycle", what, member(annex, "cycle", str, name), manifest["cycle"])
    same(f"{name}: version", what, member(annex, "version", int, name), manifest["version"])
    same(f"{name}: of", what, member(annex, "of", str, name), export.digest("manifest.json")[0])
    present = [file for file in files_of(export, place) if file != name]
    check_files(export, annex, name, place, present)
    for file in present:  # settings and frameworks may be repeated there, never changed
        main = file[len(place) :]
        if main == "inputs/cycle.json" or main.startswith("inputs/frameworks/"):
            need(
                main in export.files and export.digest(main) == export.digest(file),
                file,
                "khác tệp cùng tên ở phần chính / differs from the same file outside the annex",
            )

    return part != "-"


def check_annexes(export: Export, manifest: dict[str, Any], hidden: dict[int, str]) -> None:
    """Every annex that is present; two of them open no event twice."""
    opened = set[int]()
    for place in annexes(export):
        is_part, name = check_annex_files(export, manifest, place), f"{place}audit_contents.jsonl"
        alone = not is_part and (hidden or name in export.files)  # closed analyses without units open nothing
        if f"{place}results.csv" in export.files or alone:
            mine = check_opened(export.read(name), name, hidden, is_part)
            same(name, "sự kiện được mở hai lần / event opened twice", sorted(mine & opened), [])
            opened |= mine


def check_annexes_apart(annexes_present: list[Computed]) -> None:
    """No annex names a unit of another one: each is handed to its own addressee."""
    what = "nêu đơn vị của phụ lục khác / names a unit of another annex"
    for one in annexes_present:
        theirs = {row["unit"] for other in annexes_present if other is not one for row in other.tables["units"]}
        for name, rows in one.tables.items():
            named = {row[key] for row in rows for key in ("unit", "appraiser") if key in TABLES[name]}
            same(f"{one.prefix}inputs/{name}.csv", what, sorted(named & theirs), [])


def check_nothing_named(export: Export, received: list[Any], main: Tables, units: list[Row], opened: set[str]) -> None:
    """No unit of the annex stands where the published part names units."""
    what = "nêu đơn vị không công bố / names an unpublished unit"
    findings = table(export.read("findings.csv"), "findings.csv", FINDINGS)
    paths = [entry["path"].split("/") for entry in received]
    places = {
        "audit.jsonl": opened,
        "findings.csv": {row["unit"] for row in findings},
        "manifest.json: received": {path[1] for path in paths if len(path) > 2},
    }
    for name, rows in main.items():
        columns = [key for key in ("unit", "appraiser") if key in TABLES[name]]
        places[f"inputs/{name}.csv"] = {row[key] for row in rows for key in columns}
    for place, named in places.items():
        same(place, what, sorted(named & {row["unit"] for row in units}), [])
    names = {row["name"] for row in main["responsibilities"]} - {""}
    same("inputs/responsibilities.csv", what, sorted(names & {row["name"] for row in units}), [])


# ------------------------------------------------------------ 12. the whole, and the command


def verify(folder: "Path | str", key: str = "", checkpoint: str = "") -> dict[str, Any]:
    """Check everything; counts for the closing lines, or Failure with the first thing that differs."""
    export = Export(Path(folder))
    manifest = check_manifest(export)
    note = check_signature(export, key)
    hidden, opened = check_chain(export.read("audit.jsonl"), manifest, checkpoint)
    read_rows(export.read("findings.csv"), "findings.csv", FINDINGS)
    check_annexes(export, manifest, hidden)
    cycle = load_cycle(export)
    same("inputs/cycle.json: id", "khác manifest / differs from the manifest", cycle.id, manifest["cycle"])
    parts = list(compute_parts(export, cycle))
    for part in parts:
        compare(export, f"{part.prefix}scores.csv", SCORES, part.scores)
        compare(export, f"{part.prefix}results.csv", RESULTS, part.results)
        for file, columns, rows in (("series.csv", SERIES, part.series), ("core.csv", CORE, part.core)):
            if rows or part.prefix + file in export.files:
                compare(export, part.prefix + file, columns, rows)
    check_annexes_apart(parts[1:])
    for annex in parts[1:]:
        check_nothing_named(export, manifest["received"], parts[0].tables, annex.tables["units"], opened)
    return {
        "cycle": cycle.id,
        "version": manifest["version"],
        "files": len(export.files),
        "note": note,
        "hidden": len(hidden),
        **manifest["audit"],
        "annex": bool(export.below("annex/")),
        "units": sum(len(part.results) for part in parts),
        "leaves": sum(part.leaves for part in parts),
    }


USAGE = (
    "Cách dùng / usage: python3 verify.py [FOLDER] [--key HEX] [--checkpoint N:HEAD]"
    "   (HEX, HEAD: 64 chữ số hex / hex digits; N: số sự kiện / number of events)"
)
OPTIONS = {"--key": "[0-9a-fA-F]{64}", "--checkpoint": "[0-9]{1,15}:[0-9a-fA-F]{64}"}


def read_call(words: list[str]) -> "tuple[Path, str, str] | None":
    """Folder, key and checkpoint, or None for a call it does not take."""
    folders, given, rest = list[str](), dict[str, str](), list(words)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-"):
            folders.append(word)
            continue
        name, mark, value = word.partition("=")
        if not mark and rest:
            value = rest.pop(0)
        if name in given or not re.fullmatch(OPTIONS.get(name, "(?!)"), value):
            return None
        given[name] = value.lower()
    folder = folders[0] if folders else os.path.dirname(os.path.abspath(__file__))
    if len(folders) > 1 or not os.path.isdir(folder):
        return None
    return Path(folder), given.get("--key", ""), given.get("--checkpoint", "")


def main(argv: "list[str] | None" = None) -> int:
    words = sys.argv[1:] if argv is None else argv
    call = read_call(words)
    if call is None:
        asked = words in (["--help"], ["-h"])
        print(USAGE, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        report = verify(*call)
    except Failure as failure:
        print("KHÔNG ĐẠT / FAILED", plain(str(failure)), sep="\n", file=sys.stderr)
        return 5
    except Exception as error:  # what could not be read was not verified, whatever the reason
        print(
            "KHÔNG ĐẠT / FAILED: không đọc được / cannot be read:",
            plain(f"{type(error).__name__}: {error}"),
            file=sys.stderr,
        )
        return 5
    print(plain(f"ĐẠT / PASSED: {report['cycle']}, phiên bản / version {report['version']}"))
    print(
        f"Tệp / files: {report['files']}; sự kiện / events: {report['events']} (ẩn / hidden: "
        f"{report['hidden']}); đơn vị / units: {report['units']}; thành phần tính lại / leaves recomputed: "
        f"{report['leaves']}; phụ lục / annex: {'có / yes' if report['annex'] else 'không / no'}"
    )
    print(f"Đầu chuỗi nhật ký / audit head: {report['head']}")
    print(f"Chữ ký / signature: {report['note']}")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Vietnamese even where the terminal's locale is C
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())
