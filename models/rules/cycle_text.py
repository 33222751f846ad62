"""Reads cycle.yaml: builds the settings and reports every fault with its line."""

from __future__ import annotations

from fractions import Fraction

from models.rules.cells import read_key
from models.rules.cycle import CALENDAR, LOCKS, Band, Bloc, CycleSettings
from models.rules.findings import Fault
from models.rules.lower import TAKES, Lower
from models.rules.strict_yaml import Node, parse
from models.rules.yaml_reader import Reader

TOP = ("id", "name", "year", "decimals", "missing_evidence", "classify_on", "blocs", "bands", "calendar", "lower")


def read_settings(text: str, path: str = "cycle.yaml") -> tuple[CycleSettings | None, list[Fault]]:
    """cycle.yaml as settings (None when it cannot be read) and every fault. Source: contract, cycle.yaml."""
    node, faults = parse(text, path)
    if node is None:
        return None, faults
    reader = Reader(node, path, faults)
    reader.refuse_unknown(TOP)
    common = read_bands(reader, path, faults) if reader.has("bands") else ()
    blocs = _blocs(reader, path, faults, common)
    identity = reader.text("id")
    try:
        identity = read_key(identity) if identity else identity
    except ValueError as reason:
        faults.append(Fault("key-unreadable", location=f"{path}:{node.line}", found=identity, expected=str(reason)))
    settings = CycleSettings(
        id=identity,
        name=reader.text("name"),
        year=reader.integer("year"),
        blocs=tuple(blocs),
        decimals=reader.integer("decimals", 2),
        missing_evidence=reader.choice("missing_evidence", ("explain", "zero"), "explain"),  # type: ignore[arg-type]
        classify_on=reader.choice("classify_on", ("exact", "shown"), "exact"),  # type: ignore[arg-type]
        calendar=_calendar(reader, path, faults),
        lower=_lower(reader, path, faults),
    )
    if not 0 <= settings.decimals <= 10:
        faults.append(
            Fault(
                "framework-number-outside",
                location=f"{path}:{node.line}",
                found=f"decimals: {settings.decimals}",
                expected="0 … 10",
            )
        )
    return settings, faults


def _blocs(reader: Reader, path: str, faults: list[Fault], common: tuple[Band, ...]) -> list[Bloc]:
    listed = Reader(reader.node("blocs"), path, faults)
    blocs = []
    for key in listed.names():
        node = listed.node(key)
        part = Reader(node, path, faults)
        part.refuse_unknown(("name", "framework", "bands"))
        bands = read_bands(part, path, faults) if part.has("bands") else common
        if not bands:
            faults.append(Fault("yaml-missing-key", location=f"{path}:{node.line}", found="bands"))
        blocs.append(Bloc(key, part.text("name"), part.text("framework"), bands))
    if not blocs:
        faults.append(Fault("yaml-missing-key", location=f"{path}:1", found="blocs"))
    return blocs


def read_bands(reader: Reader, path: str, faults: list[Fault]) -> tuple[Band, ...]:
    """Bands from the highest floor to the lowest."""
    bands, line = [], 1
    for node in reader.items("bands"):
        part, line = Reader(node, path, faults), node.line
        part.refuse_unknown(("name", "floor"))
        bands.append(Band(part.text("name"), part.number("floor")))
    floors = [Fraction(band.floor) for band in bands if band.floor]
    where = f"{path}:{line}"
    if len(set(floors)) < len(floors) or len({band.name for band in bands}) < len(bands):
        faults.append(
            Fault("bands-equal", location=where, found=", ".join(f"{band.name} {band.floor}" for band in bands))
        )
    if floors and min(floors) > 0:
        faults.append(Fault("bands-lowest", location=where, found=str(min(floors)), expected="≤ 0"))
    return tuple(sorted(bands, key=lambda band: Fraction(band.floor or "0"), reverse=True))


def _calendar(reader: Reader, path: str, faults: list[Fault]) -> dict[str, str]:
    if not reader.has("calendar"):
        return {}
    node: Node = reader.node("calendar")
    given = Reader(node, path, faults)
    given.refuse_unknown((*CALENDAR, *LOCKS.values()))
    dates = {name: given.date(name) for name in (*CALENDAR, *LOCKS.values()) if given.has(name)}
    orders = [list(CALENDAR), *([f"{stage}_closes", lock] for stage, lock in LOCKS.items())]
    for order in orders:
        known = [dates[name] for name in order if dates.get(name)]
        if known != sorted(known):
            faults.append(Fault("calendar-order", location=f"{path}:{node.line}", found=", ".join(known)))
    return {name: date for name, date in dates.items() if date}


def _lower(reader: Reader, path: str, faults: list[Fault]) -> tuple[Lower, ...]:
    """The links to lower cycles; whether unit and leaf fit is seen once units and frameworks are read."""
    links: list[Lower] = []
    for node in reader.items("lower", []):
        part = Reader(node, path, faults)
        how = part.choice("take", TAKES)
        part.refuse_unknown(("cycle", "bloc", "unit", "code", "take", *(["at_least"] if how == "share" else [])))
        link = Lower(
            unit=part.text("unit"),
            code=part.quoted("code"),
            cycle=part.text("cycle"),
            bloc=part.text("bloc"),
            take=how,
            at_least=part.text("at_least") if how == "share" else "",
        )
        if (link.unit, link.code) in {(one.unit, one.code) for one in links}:
            faults.append(Fault("row-duplicate", location=f"{path}:{node.line}", found=f"{link.unit} {link.code}"))
        links.append(link)
    return tuple(links)
