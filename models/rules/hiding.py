"""Keeps units that are not published out of everything outside the annex."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd


def as_digest(text: str) -> str:
    """How a name that must not be read is written."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Hidden:
    """Units that appear in the annex alone, and their names."""

    units: frozenset[str]
    names: frozenset[str]

    @classmethod
    def among(cls, units: pd.DataFrame) -> Hidden:
        """units: frame UNITS, all of them; hidden are those not published, and those not scored at all."""
        shown = ((units["published"] == "yes") & (units["scored"] == "yes")).to_numpy()
        names = frozenset(units.loc[~shown, "name"]) - frozenset(units.loc[shown, "name"])
        return cls(frozenset(units.loc[~shown, "unit"]), names)

    @classmethod
    def from_annex(cls, units: pd.DataFrame, members: frozenset[str]) -> Hidden:
        """What one of several closed annexes must not name: hidden units that are not among its own."""
        everybody = cls.among(units)
        own = frozenset(units.loc[units["unit"].isin(list(members)).to_numpy(), "name"])
        return cls(everybody.units - members, everybody.names - own)

    def cell(self, text: str) -> str:
        """A cell that is exactly a hidden unit's code or name, as a digest."""
        return as_digest(text) if text in self.units or text in self.names else text

    def path(self, path: str) -> str:
        """A received file's path, as a digest when it lies in a hidden unit's folder."""
        return as_digest(path) if self.units.intersection(path.split("/")) else path

    def sentence(self, text: str) -> str:
        """A text with hidden codes and names in it as digests; what only begins or ends like one stays."""
        return self._named.sub(lambda found: as_digest(found[0]), text)

    @cached_property
    def _named(self) -> re.Pattern[str]:
        """Any of them standing for itself: no letter, digit or hyphen goes on with it. The longest first."""
        words = sorted((self.units | self.names) - {""}, key=lambda word: (-len(word), word))
        every = "|".join(map(re.escape, words)) or "(?!)"
        return re.compile(rf"(?<![^\W_])(?<!-)(?:{every})(?![^\W_]|-)")

    def sentences(self, frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
        """The frame with hidden codes and names inside these columns' texts as digests; each different text once."""
        if not self.units or not len(frame):
            return frame
        told = {}
        for name in names:
            texts = frame[name].tolist()
            words = {text: self.sentence(text) for text in set(texts)}
            told[name] = pd.Series([words[text] for text in texts], index=frame.index, dtype="str")
        return frame.assign(**told)

    def columns(self, frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
        """The frame with hidden codes and names in these columns as digests."""
        if not self.units or not len(frame):
            return frame
        return frame.assign(**{name: [self.cell(text) for text in frame[name]] for name in names})

    def lists(self, frame: pd.DataFrame, name: str) -> pd.DataFrame:
        """The frame with hidden codes among this column's ;-separated ones as digests."""
        if not self.units or not len(frame):
            return frame
        return frame.assign(**{name: [";".join(map(self.cell, text.split(";"))) for text in frame[name]]})


def annexes(units: pd.DataFrame) -> dict[str, frozenset[str]]:
    """The hidden units of each closed annex by its name, "" for annex/ itself; each addressee is given its own.

    units: frame REGISTERED, all of them; without the column `annex` all are in annex/ itself.
    """
    hidden = Hidden.among(units).units
    named = dict(zip(units["unit"], units["annex"], strict=True)) if "annex" in units else {}
    names = sorted({named.get(unit, "") for unit in hidden})
    return {name: frozenset(unit for unit in hidden if named.get(unit, "") == name) for name in names}


def annex_of(path: str, names: Iterable[str]) -> str:
    """The annex a file below annex/ is part of: the one named like its first folder, else "" (annex/ itself)."""
    first = path.partition("/")[0]
    return first if "/" in path and first in names else ""
