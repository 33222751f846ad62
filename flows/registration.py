"""Reads what registers a cycle from its folder: cycle.yaml, units.csv, appraisers.csv and the frameworks it names."""

from __future__ import annotations

from checks.lower import check_links
from checks.registration import nobody_responsible, read_appraisers, read_units
from checks.rule_book import findings, severity
from models.actions.open_cycle import Registration
from models.rules import frames
from models.rules.cycle import CycleSettings
from models.rules.cycle_text import read_settings
from models.rules.errors import WrongCall
from models.rules.findings import Fault
from models.rules.framework import Framework
from models.storage.crosswalks import PLACE
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.framework_folders import built_in, built_in_ids, read_documents, same_framework
from models.storage.inbox import Form, Received, read_form
from models.storage.workspace import Workspace

MOST_YAML = 2 * 2**20


def read_registration(workspace: Workspace, place: str) -> tuple[Registration | None, list[Fault]]:
    """The registration a folder makes (None when it cannot be read) and every fault.

    Raises WrongCall when the folder is not there.
    """
    folder = CycleFolder(place, workspace.settings)
    files: list[Received] = []

    def text_of(entry: Entry) -> bytes:
        data = folder.read_entry(entry, MOST_YAML)
        files.append(Received(entry.path, workspace.vault.put(data), len(data)))
        return data

    head = folder.find("cycle.yaml")
    if head is None:
        raise WrongCall(f"Không có cycle.yaml trong / No cycle.yaml in {place}")
    try:
        settings, faults = read_settings(text_of(head).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return None, [Fault("yaml-unreadable", location="cycle.yaml", found=f"byte {error.start}", expected="UTF-8")]
    if settings is None:
        return None, faults
    frameworks, found = _frameworks(folder, settings, text_of)
    faults += found
    units, appraisers = Form(""), Form("")
    for form, name in ((units, "units.csv"), (appraisers, "appraisers.csv")):
        entry = folder.find(name)
        if entry is None:
            faults.append(Fault("registration-file-missing", location=name))
            faults += [fault for fault in folder.faults if fault.location == name]
        else:
            read_form(folder, workspace.vault, form, entry)
            faults += form.faults
            files += form.files
    everyone, found = read_units(units.tables[0], settings) if units.tables else (frames.empty(frames.REGISTERED), [])
    faults += found
    named = everyone["unit"].tolist()
    faults += check_links(settings, everyone, frameworks)
    if appraisers.tables:
        responsibilities, found = read_appraisers(appraisers.tables[0], named, frameworks)
        faults += found + nobody_responsible(frameworks, responsibilities)
    else:
        responsibilities = frames.empty(frames.RESPONSIBILITIES)
    told = [fault for fault in faults if severity(fault) == "warn"]
    warnings = findings(told, "collect")  # the first of the five steps there are
    return Registration(place, settings, frameworks, everyone, responsibilities, files, warnings), faults


def _frameworks(folder: CycleFolder, settings: CycleSettings, text_of) -> tuple[dict[str, Framework], list[Fault]]:  # type: ignore[no-untyped-def]
    """The frameworks the blocs name: from the cycle's own folder, or built in; two with one id must be equal."""
    own: dict[str, list[Entry]] = {}
    for entry in folder.list("frameworks"):
        name, mark, rest = entry.path.removeprefix("frameworks/").partition("/")
        if mark and rest.endswith(".yaml") and not PLACE.fullmatch(entry.path):
            own.setdefault(name, []).append(entry)
    found: dict[str, Framework] = {}
    faults: list[Fault] = list(folder.faults_below("frameworks/"))
    for name, entries in sorted(own.items()):
        framework, wrong = read_documents({entry.path: text_of(entry) for entry in entries})
        faults += wrong
        if framework is None:
            continue
        twin = found.get(framework.id) or _twin(framework.id)
        if twin is not None and not same_framework(twin, framework):
            faults.append(Fault("framework-id-taken", location=f"frameworks/{name}", found=framework.id))
        found[framework.id] = framework
    used: dict[str, Framework] = {}
    for bloc in settings.blocs:
        if bloc.framework in found:
            used[bloc.framework] = found[bloc.framework]
        elif bloc.framework in built_in_ids():
            framework, wrong = built_in(bloc.framework)
            if bloc.framework not in used:
                faults += wrong
            if framework is not None:
                used[bloc.framework] = framework
        elif bloc.framework:
            faults.append(
                Fault(
                    "framework-unknown",
                    location="cycle.yaml",
                    found=bloc.framework,
                    expected=", ".join([*found, *built_in_ids()]),
                )
            )
    return used, faults


def _twin(identity: str) -> Framework | None:
    return built_in(identity)[0] if identity in built_in_ids() else None
