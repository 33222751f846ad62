"""cycle.yaml's content as plain values and back: how settings are stored and exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.rules.cycle import Band, Bloc, CycleSettings
from models.rules.lower import Lower


def settings_as_json(settings: CycleSettings) -> dict[str, Any]:
    """Plain values; bands resolved per bloc, highest floor first. `lower` only where there is any: bytes stay."""
    return {
        "id": settings.id,
        "name": settings.name,
        "year": settings.year,
        "decimals": settings.decimals,
        "missing_evidence": settings.missing_evidence,
        "classify_on": settings.classify_on,
        "calendar": dict(settings.calendar),
        "blocs": [
            {
                "key": bloc.key,
                "name": bloc.name,
                "framework": bloc.framework,
                "bands": [{"name": band.name, "floor": band.floor} for band in bloc.bands],
            }
            for bloc in settings.blocs
        ],
    } | ({"lower": [asdict(link) for link in settings.lower]} if settings.lower else {})


def settings_from_json(given: Mapping[str, Any]) -> CycleSettings:
    """Settings from the values `settings_as_json` made."""
    blocs = tuple(Bloc(**bloc | {"bands": tuple(Band(**band) for band in bloc["bands"])}) for bloc in given["blocs"])
    lower = tuple(Lower(**link) for link in given.get("lower", ()))
    return CycleSettings(**dict(given) | {"blocs": blocs, "lower": lower})
