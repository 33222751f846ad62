"""A cycle's settings and units carried into the next year: what a secretariat copies and then corrects by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, replace

import pandas as pd

from models.rules.cycle import Band, CycleSettings
from models.rules.frames import HISTORY, PREVIOUS, PREVIOUS_SCORES, REGISTERED, empty
from models.rules.lower import Lower


def settings_of_next_year(settings: CycleSettings, identity: str = "") -> CycleSettings:
    """The same blocs, bands and ways one year later: ids (of lower cycles too), name and dates move with it."""
    old, new = str(settings.year), str(settings.year + 1)
    return replace(
        settings,
        id=identity or _year_on(settings.id, old, new),
        name=settings.name.replace(old, new),
        year=settings.year + 1,
        calendar={name: _a_year_on(date) for name, date in settings.calendar.items()},
        lower=tuple(replace(link, cycle=_year_on(link.cycle, old, new)) for link in settings.lower),
    )


def _year_on(identity: str, old: str, new: str) -> str:
    """A cycle's id in the next year; one that bears no year gets it."""
    return identity.replace(old, new) if old in identity else f"{identity}-{new}"


def _a_year_on(date: str) -> str:
    """The same day a year later; 29 February becomes 28."""
    day = dt.date.fromisoformat(date)
    try:
        return day.replace(year=day.year + 1).isoformat()
    except ValueError:
        return day.replace(year=day.year + 1, day=28).isoformat()


def units_of_next_year(units: pd.DataFrame, year: int) -> pd.DataFrame:
    """Frame REGISTERED without those that ended before `year`; a merger of the year before is no merger any more.

    It leaves its date, so that a series still breaks there: a merged unit without valid_from began with its year.
    """
    merged = ((units["predecessors"] != "") & (units["valid_from"] == "")).to_numpy()
    units = units.assign(valid_from=units["valid_from"].mask(merged, f"{year - 1}-01-01").astype("str"))
    ended = (units["valid_to"] != "") & (units["valid_to"] < f"{year}-01-01")
    return units.loc[(~ended).to_numpy(), list(REGISTERED)].assign(predecessors="").reset_index(drop=True)


def previous_from(results: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frame PREVIOUS from published results (frames RESULTS): what the next year is compared with."""
    both = pd.concat([frame[list(PREVIOUS)] for frame in results], ignore_index=True)
    return both.sort_values("unit", ignore_index=True)


def scores_from(scores: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Frame PREVIOUS_SCORES from published scores (frames SCORES): the leaves a comparable core may be made of."""
    both = pd.concat(list(scores), ignore_index=True)
    return both.loc[(both["level"] == "leaf").to_numpy(), list(PREVIOUS_SCORES)].reset_index(drop=True)


def history_from(history: pd.DataFrame, previous: pd.DataFrame, year: int, cycle: str) -> pd.DataFrame:
    """Frame HISTORY for the year after `year`: what its own cycle was told of years before, last year's too."""
    last = previous.assign(year=str(year - 1), source=f"{cycle}: previous/results.csv")
    both = pd.concat([last[(last["index"] != "").to_numpy()][list(HISTORY)], history], ignore_index=True)
    both = both.drop_duplicates(["unit", "year"]) if len(both) else empty(HISTORY)  # last year's own file comes first
    return both.sort_values(["unit", "year"], ignore_index=True)


def settings_as_yaml(settings: CycleSettings) -> str:
    """cycle.yaml as people write it: what is a number stands in quotes, a bloc carries its own bands."""
    lines = [
        f"id: {_quoted(settings.id)}",
        f"name: {_quoted(settings.name)}",
        f"year: {settings.year}",
        f"decimals: {settings.decimals}",
        f"missing_evidence: {settings.missing_evidence}",
        f"classify_on: {settings.classify_on}",
        "blocs:",
    ]
    for bloc in settings.blocs:
        lines += [
            f"  {_quoted(bloc.key)}:",
            f"    name: {_quoted(bloc.name)}",
            f"    framework: {_quoted(bloc.framework)}",
        ]
        lines += ["    bands:", *(f"      - {_band(band)}" for band in bloc.bands)]
    if settings.calendar:
        lines += ["calendar:", *(f"  {name}: {date}" for name, date in settings.calendar.items())]
    if settings.lower:
        lines += ["lower:", *(f"  - {_link(link)}" for link in settings.lower)]
    return "\n".join(lines) + "\n"


def _band(band: Band) -> str:
    return f"{{name: {_quoted(band.name)}, floor: {_quoted(band.floor)}}}"


def _link(link: Lower) -> str:
    given = {name: text for name, text in asdict(link).items() if text}
    return "{" + ", ".join(f"{name}: {_quoted(text)}" for name, text in given.items()) + "}"


def _quoted(text: str) -> str:
    """A YAML string in double quotes; what it holds was read from YAML and has no control signs."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
