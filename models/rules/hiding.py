"""Keeps units that are not published out of everything outside the annex."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

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

    def cell(self, text: str) -> str:
        """A cell that is exactly a hidden unit's code or name, as a digest."""
        return as_digest(text) if text in self.units or text in self.names else text

    def path(self, path: str) -> str:
        """A received file's path, as a digest when it lies in a hidden unit's folder."""
        return as_digest(path) if self.units.intersection(path.split("/")) else path

    def sentence(self, text: str) -> str:
        """A finding's text with hidden units in it as digests."""
        for unit in sorted(self.units, key=len, reverse=True):
            if unit in text:
                text = text.replace(unit, as_digest(unit))
        return text

    def sentences(self, frame: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
        """The frame with hidden codes and names inside these columns' texts as digests."""
        if not self.units or not len(frame):
            return frame
        told = {name: [self._nameless(self.sentence(text)) for text in frame[name].tolist()] for name in names}
        return frame.assign(**told)

    def _nameless(self, text: str) -> str:
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, as_digest(name)) if name else text
        return text

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
