"""Reads what lies in the folders of a cycle: units' forms and evidence, appraisers' marks. Bytes go to the vault."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.rules.findings import Fault
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.spreadsheets import Table, read_csv_table, read_workbook
from models.storage.vault import Vault
from models.storage.workbook_guard import title

MIDYEAR = ("midyear.csv", "midyear.xlsx")
FORMS = ("self_assessment.xlsx", "self_assessment.csv", "evidence.csv", "explanations.csv", *MIDYEAR)
MOST_FORM_BYTES = 20 * 2**20
MOST_DOCUMENT_BYTES = 50 * 2**20


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


def read_inbox(folder: CycleFolder, vault: Vault, unit: str, entries: Sequence[Entry]) -> Inbox:
    """One unit's folder: forms are read and kept, evidence is listed (its bytes are taken when a row names it)."""
    base = f"inbox/{unit}/"
    here = {entry.path.removeprefix(base): entry for entry in entries}
    inbox = Inbox(unit, Form(unit), Form(unit))
    inbox.documents = {
        name.removeprefix("evidence/"): entry for name, entry in here.items() if name.startswith("evidence/")
    }
    inbox.strays = [
        entry.path for name, entry in here.items() if name not in FORMS and not name.startswith("evidence/")
    ]
    for fault in folder.faults_below(base):
        name = fault.location.removeprefix(base)
        if name.startswith("evidence/"):  # told where a row names it, and nowhere else
            inbox.unreadable[name.removeprefix("evidence/")] = fault
        elif name == "explanations.csv":
            inbox.explanations.faults.append(fault)
        elif name in MIDYEAR:  # told by read_midyear; the year's own form stands without it
            continue
        elif name in FORMS or fault.location == base.rstrip("/"):
            inbox.form.faults.append(fault)
        else:
            inbox.strays.append(fault.location)
    if "self_assessment.xlsx" in here:
        if "self_assessment.csv" in here or "evidence.csv" in here:
            inbox.form.faults.append(Fault("both-spellings", unit, location=base + "self_assessment.xlsx"))
        read_form(folder, vault, inbox.form, here["self_assessment.xlsx"])
    if "self_assessment.csv" in here:
        read_form(folder, vault, inbox.form, here["self_assessment.csv"])
        if "evidence.csv" in here:
            read_form(folder, vault, inbox.form, here["evidence.csv"])
        else:
            inbox.form.faults.append(Fault("form-incomplete", unit, location=base + "evidence.csv"))
    if "explanations.csv" in here:
        read_form(folder, vault, inbox.explanations, here["explanations.csv"])
    for form in (inbox.form, inbox.explanations):
        form.faults = [fault.of(unit) for fault in form.faults]
    return inbox


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
    if entry.size > most:
        form.faults.append(Fault("form-too-large", location=entry.path, found=f"{entry.size} B", expected=f"{most} B"))
        return
    data = folder.read_entry(entry, most)
    form.files.append(Received(entry.path, vault.put(data), len(data)))
    if entry.path.endswith(".xlsx"):
        tables, faults = read_workbook(data, entry.path)
        form.tables += tables
        form.title = title(data) if tables else ""
    else:
        table, faults = read_csv_table(data, entry.path)
        form.tables += [table] if table is not None else []
    form.faults += faults


def take_documents(
    folder: CycleFolder, vault: Vault, documents: Mapping[str, Entry], named: Iterable[str]
) -> dict[str, Received]:
    """The named evidence files that are there, now in the vault, by the name rows use."""
    taken = {}
    for name in sorted(set(named)):
        entry = documents.get(name)
        if entry is None:
            continue
        if entry.size > MOST_DOCUMENT_BYTES:
            taken[name] = Received(entry.path, "", entry.size)
            continue
        data = folder.read_entry(entry, MOST_DOCUMENT_BYTES)
        taken[name] = Received(entry.path, vault.put(data), len(data))
    return taken
