"""Reads what lies in the folders of a cycle: units' forms and evidence, appraisers' marks. Bytes go to the vault."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.rules.findings import Fault
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.side_by_side import portions
from models.storage.spreadsheets import Table, read_csv_tables, read_workbook
from models.storage.vault import Vault
from models.storage.workbook_guard import title

MIDYEAR = ("midyear.csv", "midyear.xlsx")
FORMS = ("self_assessment.xlsx", "self_assessment.csv", "evidence.csv", "explanations.csv", *MIDYEAR)
MOST_FORM_BYTES = 20 * 2**20
MOST_TABLE_BYTES = 4 * 2**30  # a csv of everybody's marks or answers: as long as the cycle needs
MOST_DOCUMENT_BYTES = 50 * 2**20
MOST_AT_ONCE = 64 * 2**20  # bytes of files in memory at once


@dataclass(frozen=True)
class Received:
    """One file as it was received; its bytes are in the vault under sha256."""

    path: str
    sha256: str
    size: int


def digest_of(files: Iterable[Received], *more: str) -> str:
    """One digest for a set of files, whatever order they came in."""
    listed = sorted((one.path, one.sha256) for one in files)
    return hashlib.sha256(json.dumps([listed, *more], ensure_ascii=False).encode()).hexdigest()


def held_back(faults: Iterable[Fault]) -> list[str]:
    """Files whose bytes were never seen: once they are, it is another arrival though nothing else changed."""
    unseen = ("file-absent", "path-outside", "path-unreadable", "path-not-a-file", "path-duplicate")
    return sorted(fault.found or fault.location for fault in faults if fault.check in unseen)


@dataclass
class Form:
    """One party's form, read: its tables by kind, the files it came as, and what could not be read.

    title: of the workbook's properties; `parindex template` writes there whom and what a form was made for. texts:
    files that are no tables, by path.
    """

    party: str
    title: str = ""
    files: list[Received] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def came(self) -> bool:
        """Whether anything was received at all."""
        return bool(self.files) or bool(self.faults)


@dataclass
class Inbox:
    """Everything in one unit's folder."""

    unit: str
    form: Form
    explanations: Form
    documents: dict[str, Entry] = field(default_factory=dict)
    strays: list[str] = field(default_factory=list)
    unreadable: dict[str, Fault] = field(default_factory=dict)  # evidence that must not be read, by name


def by_folder(entries: Sequence[Entry], root: str) -> dict[str, list[Entry]]:
    """Entries below `root/` by the name of their next folder; files directly in root are left out."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        owner, mark, _ = entry.path.removeprefix(f"{root}/").partition("/")
        if mark:
            found.setdefault(owner, []).append(entry)
    return found


def read_inboxes(folder: CycleFolder, vault: Vault, units: Sequence[tuple[str, Sequence[Entry]]]) -> list[Inbox]:
    """Units' folders (unit, its entries), in their order: forms are read and kept, evidence is listed (its bytes are
    taken when a row names it). Bytes are fetched, kept and read many at a time."""
    inboxes = [_listed(folder, unit, entries) for unit, entries in units]
    due = [
        pair
        for inbox, (unit, entries) in zip(inboxes, units, strict=True)
        for pair in _due(inbox, {entry.path.removeprefix(f"inbox/{unit}/"): entry for entry in entries})
    ]
    read_forms(folder, vault, due)
    for inbox in inboxes:
        for form in (inbox.form, inbox.explanations):
            form.faults = [fault.of(inbox.unit) for fault in form.faults]
    return inboxes


def _listed(folder: CycleFolder, unit: str, entries: Sequence[Entry]) -> Inbox:
    """What lies there, and what of it must not be read; no form is read yet."""
    base = f"inbox/{unit}/"
    inbox = Inbox(unit, Form(unit), Form(unit))
    for entry in entries:
        name = entry.path.removeprefix(base)
        if name.startswith("evidence/"):
            inbox.documents[name.removeprefix("evidence/")] = entry
        elif name not in FORMS:
            inbox.strays.append(entry.path)
    for fault in folder.faults_below(base):
        name = fault.location.removeprefix(base)
        if name.startswith("evidence/"):  # told where a row names it, and nowhere else
            inbox.unreadable[name.removeprefix("evidence/")] = fault
            inbox.documents.pop(name.removeprefix("evidence/"), None)  # of two with one name neither is taken
        elif name == "explanations.csv":
            inbox.explanations.faults.append(fault)
        elif name in MIDYEAR:  # told by read_midyear; the year's own form stands without it
            continue
        elif name in FORMS or fault.location == base.rstrip("/"):
            inbox.form.faults.append(fault)
        else:
            inbox.strays.append(fault.location)
    return inbox


def _due(inbox: Inbox, here: Mapping[str, Entry]) -> list[tuple[Form, Entry]]:
    """The forms to read, each with where it goes. here: the unit's entries by name."""
    base, due = f"inbox/{inbox.unit}/", []
    if "self_assessment.xlsx" in here:
        if "self_assessment.csv" in here or "evidence.csv" in here:
            inbox.form.faults.append(Fault("both-spellings", inbox.unit, location=base + "self_assessment.xlsx"))
        due.append((inbox.form, here["self_assessment.xlsx"]))
    if "self_assessment.csv" in here:
        due.append((inbox.form, here["self_assessment.csv"]))
        if "evidence.csv" in here:
            due.append((inbox.form, here["evidence.csv"]))
        else:
            inbox.form.faults.append(Fault("form-incomplete", inbox.unit, location=base + "evidence.csv"))
    if "explanations.csv" in here:
        due.append((inbox.explanations, here["explanations.csv"]))
    return due


def read_midyear(folder: CycleFolder, vault: Vault, unit: str, entries: Sequence[Entry]) -> Form:
    """A unit's half-year form, csv or xlsx; both: refused."""
    form = Form(unit)
    paths = [f"inbox/{unit}/{name}" for name in MIDYEAR]
    here = [entry for entry in entries if entry.path in paths]
    if len(here) > 1:
        form.faults.append(Fault("both-spellings", location=here[-1].path))
    form.faults += [fault for fault in folder.faults_below(f"inbox/{unit}/") if fault.location in paths]
    for entry in here:
        read_form(folder, vault, form, entry)
    form.faults = [fault.of(unit) for fault in form.faults]
    return form


def read_form(folder: CycleFolder, vault: Vault, form: Form, entry: Entry, most: int = MOST_FORM_BYTES) -> None:
    """Read one csv or xlsx into `form`; its bytes are kept even when nothing in them can be read."""
    read_forms(folder, vault, [(form, entry)], most)


def read_forms(
    folder: CycleFolder, vault: Vault, due: Sequence[tuple[Form, Entry]], most: int = MOST_FORM_BYTES
) -> None:
    """As read_form of each (form, entry), in their order."""
    small = []
    for form, entry in due:
        if entry.size > most:
            told = Fault("form-too-large", location=entry.path, found=f"{entry.size} B", expected=f"{most} B")
            form.faults.append(told)
        else:
            small.append((form, entry))
    for portion in portions(small, _size, MOST_AT_ONCE):
        _read_portion(folder, vault, portion, most)


def _size(due: tuple[object, Entry]) -> int:
    return due[1].size


def _read_portion(folder: CycleFolder, vault: Vault, due: Sequence[tuple[Form, Entry]], most: int) -> None:
    received = folder.read_entries([entry for _, entry in due], most)
    digests = vault.put_many(received)
    plain = [place for place, (_, entry) in enumerate(due) if not entry.path.endswith(".xlsx")]
    tables = dict(zip(plain, read_csv_tables([(received[at], due[at][1].path) for at in plain]), strict=True))
    for place, ((form, entry), data, sha256) in enumerate(zip(due, received, digests, strict=True)):
        form.files.append(Received(entry.path, sha256, len(data)))
        if place in tables:
            table, faults = tables[place]
            form.tables += [table] if table is not None else []
        else:
            found, faults = read_workbook(data, entry.path)
            form.tables += found
            form.title = title(data) if found else ""
        form.faults += faults


def take_documents(
    folder: CycleFolder, vault: Vault, wanted: Mapping[str, tuple[Mapping[str, Entry], Iterable[str]]]
) -> dict[str, dict[str, Received]]:
    """The named evidence files that are there, now in the vault, by unit and the name rows use; many at a time.

    wanted: by unit, its documents and which are named.
    """
    taken: dict[str, dict[str, Received]] = {unit: {} for unit in wanted}
    due: list[tuple[tuple[str, str], Entry]] = []
    for unit, (documents, named) in wanted.items():
        for name in sorted(set(named) & documents.keys()):
            entry = documents[name]
            if entry.size > MOST_DOCUMENT_BYTES:
                taken[unit][name] = Received(entry.path, "", entry.size)
            else:
                due.append(((unit, name), entry))
    for portion in portions(due, _size, MOST_AT_ONCE):
        received = folder.read_entries([entry for _, entry in portion], MOST_DOCUMENT_BYTES)
        digests = vault.put_many(received)
        for ((unit, name), entry), data, sha256 in zip(portion, received, digests, strict=True):
            taken[unit][name] = Received(entry.path, sha256, len(data))
    return taken
