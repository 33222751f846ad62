"""Text columns as whole numbers: each different text is looked at once, however many rows hold it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.rules.frames import arrow_texts
from models.rules.numbers import Integers, compact, magnitude, parsed, roomy


class Words:
    """The different texts of a column, and what they are as numbers. array: large strings."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array

    @cached_property
    def texts(self) -> npt.NDArray[np.object_]:
        """As Python's own."""
        return np.array(self.array.to_pylist(), dtype=object)

    @cached_property
    def numbers(self) -> tuple[Integers, Integers]:
        """Digits and decimals of each, as `numbers.parsed` gives them."""
        return parsed(self.array)


@dataclass(frozen=True)
class Texts:
    """A column of texts. codes: for each row the place of its text among the words."""

    words: Words
    codes: Integers

    @classmethod
    def of(cls, cells: pd.Series | Sequence[str]) -> Texts:
        """Raises ValueError where a cell holds no text."""
        return cls.coded(arrow_texts(cells))

    @classmethod
    def coded(cls, array: pa.Array) -> Texts:
        """Of an Arrow array of large strings without nulls."""
        if not pc.max(pc.binary_length(array)).as_py():  # nothing but ""
            return cls(Words(array[:1]), np.zeros(len(array), dtype=np.intp))
        coded = array.dictionary_encode()
        return cls(Words(coded.dictionary), np.asarray(coded.indices).astype(np.intp))

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Integers) -> Texts:
        """These rows (places, or a mask)."""
        return Texts(self.words, self.codes[rows])

    def is_(self, text: str) -> npt.NDArray[np.bool_]:
        """Where the column holds this text."""
        same = np.asarray(pc.equal(self.words.array, text), dtype=np.bool_)
        return np.asarray(same[self.codes], dtype=np.bool_)

    @property
    def given(self) -> npt.NDArray[np.bool_]:
        """Where the column is not empty."""
        return ~self.is_("")

    def objects(self) -> npt.NDArray[np.object_]:
        """The texts themselves, row by row."""
        return np.asarray(self.words.texts[self.codes], dtype=object)

    def ordered(self) -> Integers:
        """Where each row's text stands among the words in code point order."""
        place = np.empty(len(self.words.array), dtype=np.int64)
        place[np.argsort(self.words.texts)] = np.arange(len(place))
        return place[self.codes]

    def places(self, among: Sequence[str] | pd.Index) -> Integers:
        """Where each row's text stands in a list of different texts; -1 where it does not."""
        wanted = pa.array(among, type=pa.large_string())
        found = pc.fill_null(pc.index_in(self.words.array, value_set=wanted), -1)
        return np.asarray(found).astype(np.intp)[self.codes]

    def worth(self, of: Mapping[str, int]) -> Integers:
        """What each row's text is worth. Raises KeyError for a text that is worth nothing here."""
        words = self.words.texts.tolist()
        known = np.array([text in of for text in words], dtype=np.bool_)[self.codes]
        if not known.all():
            raise KeyError(words[self.codes[~known][0]])
        return compact([of.get(text, 0) for text in words])[self.codes]

    def most_places(self) -> int:
        """The largest number of decimals among these canonical numbers; 0 of none."""
        return int(self.words.numbers[1][self.codes].max(initial=0))

    def scaled(self, decimals: int) -> Integers:
        """These canonical numbers ("" counts as 0) as integers of 10**-decimals, int64 where they fit.

        Raises ValueError where a text is no number or has more decimals.
        """
        digits, places = (part[self.codes] for part in self.words.numbers)
        if ((places < 0) | (places > decimals)).any():
            raise ValueError(f"not all of these are numbers of at most {decimals} decimals")
        if digits.dtype == object:
            digits = compact(digits.tolist())
        lacking = decimals - places
        if not lacking.any():
            return digits
        digits = roomy(digits, max(1, magnitude(digits)) * 10 ** int(lacking.max()))
        return np.asarray(digits * 10 ** lacking.astype(digits.dtype))


class Coded:
    """The columns of a frame of texts, each coded when it is first asked for. rows: only these places, if given."""

    def __init__(self, frame: pd.DataFrame, rows: Integers | None = None) -> None:
        self._frame, self._rows = frame, rows
        self._columns: dict[str, Texts] = {}

    def __getitem__(self, name: str) -> Texts:
        if name not in self._columns:
            self._columns[name] = Texts.coded(self._array(name))
        return self._columns[name]

    def _array(self, name: str) -> pa.Array:
        array = arrow_texts(self._frame[name])
        return array if self._rows is None else array.take(pa.array(self._rows))

    def says(self, name: str, text: str) -> npt.NDArray[np.bool_]:
        """Where a column holds this text; cheaper than coding it for one question."""
        return np.asarray(pc.equal(self._array(name), text), dtype=np.bool_)

    def filled(self, names: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Rows in which any of these columns is given."""
        lengths = (np.asarray(pc.binary_length(self._array(name))) for name in names)
        return np.asarray(np.logical_or.reduce([length > 0 for length in lengths]), dtype=np.bool_)

    def only(self, rows: Integers) -> Coded:
        """These rows as a frame of their own, for which no other is coded."""
        return Coded(self._frame, rows if self._rows is None else self._rows[rows])


@dataclass(frozen=True)
class Placed:
    """Rows of a frame that stand in a grid of units × leaves. rows: their places in the frame, at: in the grid."""

    frame: Coded
    rows: Integers
    at: tuple[Integers, Integers]

    @classmethod
    def of(cls, frame: Coded, units: Sequence[str] | pd.Index, leaves: Sequence[str]) -> Placed:
        """Those of these units and leaves (codes)."""
        rows, columns = frame["unit"].places(units), frame["code"].places(leaves)
        kept = np.flatnonzero((rows >= 0) & (columns >= 0))
        return cls(frame, kept, (rows[kept], columns[kept]))

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, name: str) -> Texts:
        return self.frame[name].take(self.rows)

    def says(self, name: str, text: str) -> npt.NDArray[np.bool_]:
        """Where a column holds this text."""
        return np.asarray(self.frame.says(name, text)[self.rows], dtype=np.bool_)

    def take(self, which: Integers) -> Placed:
        """These of them (places, or a mask), in this order."""
        return Placed(self.frame, self.rows[which], (self.at[0][which], self.at[1][which]))


def by_number(numbers: Integers, count: int) -> list[Integers]:
    """For each of 0 … count - 1 the places where it stands, in their order."""
    order = np.argsort(numbers.astype(np.min_scalar_type(count)), kind="stable")
    ends = np.cumsum(np.bincount(numbers, minlength=count)).tolist()
    return [order[start:end] for start, end in zip([0, *ends], ends, strict=False)]
