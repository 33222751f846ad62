"""What is measured: cycles of which size, run by whom, how often; grouped into what `make bench SIZE=…` does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

REPEATS = 5  # alternating runs of whatever a ratio is claimed of


def short(number: int) -> str:
    """10000 as 10k, 1000000 as 1m."""
    for size, mark in ((1_000_000, "m"), (1_000, "k")):
        if number >= size and number % size == 0:
            return f"{number // size}{mark}"
    return str(number)


@dataclass(frozen=True)
class Shape:
    """A made-up cycle. responses: rows of responses.csv, about. files: small PDFs a unit."""

    units: int
    leaves: int
    responses: int
    form: str = "csv"
    files: int = 0

    @property
    def id(self) -> str:
        """3321x100-1m-csv, with the number of PDFs a unit where there are any."""
        proof = f"-{self.files}pdf" if self.files else ""
        return f"{self.units}x{self.leaves}-{short(self.responses)}-{self.form}{proof}"

    @property
    def doubled(self) -> Shape:
        """Twice the units, and as many responses a unit."""
        return replace(self, units=2 * self.units, responses=2 * self.responses)


@dataclass(frozen=True)
class Part:
    """One thing to measure. kind: case, doubling, moments, scoring or xlsx; repeats: by variant."""

    kind: str
    shape: Shape
    repeats: Mapping[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What ONLY= selects by, and the key in the results."""
        return f"{self.kind}:{self.shape.id}"

    def with_repeats(self, number: int) -> Part:
        """The same, every variant as often as said."""
        return replace(self, repeats=dict.fromkeys(self.repeats, number))


def case(shape: Shape, dagster: int = REPEATS, naive: int = 0) -> Part:
    """Floor and engine side by side, and the others as often as said; 0: not at this size."""
    every = {"floor": REPEATS, "engine": REPEATS, "dagster": dagster, "naive": naive}
    return Part("case", shape, {name: number for name, number in every.items() if number})


PROVINCE, MINISTRY = Shape(29, 60, 10_000), Shape(51, 90, 10_000)
DISTRICTS, COUNTRY, TENFOLD = Shape(332, 100, 100_000), Shape(3321, 100, 1_000_000), Shape(33_210, 100, 1_000_000)
_SMALL = (
    case(PROVINCE, dagster=3, naive=1),
    case(MINISTRY, dagster=1),
    case(DISTRICTS, dagster=1),
    Part("moments", PROVINCE, {"warm": 2}),
    Part("scoring", DISTRICTS, {"scoring": REPEATS}),
    Part("xlsx", MINISTRY, {"forms": REPEATS}),
)
_MEDIUM = (
    case(PROVINCE, naive=REPEATS),
    case(MINISTRY, naive=REPEATS),
    case(DISTRICTS, naive=REPEATS),
    *(case(replace(DISTRICTS, responses=number)) for number in (10_000, 1_000_000)),
    case(replace(DISTRICTS, form="xlsx")),
    case(replace(DISTRICTS, files=20)),
    case(COUNTRY),
    Part("doubling", DISTRICTS, {"engine": REPEATS}),
    Part("moments", PROVINCE, {"warm": REPEATS}),
    Part("moments", COUNTRY, {"warm": REPEATS}),
    Part("scoring", COUNTRY, {"scoring": REPEATS}),
    Part("xlsx", MINISTRY, {"forms": REPEATS}),
)
_FULL = (
    *(part for part in _MEDIUM if part.id not in (f"case:{COUNTRY.id}",)),
    case(COUNTRY, naive=1),
    Part("doubling", COUNTRY, {"engine": REPEATS}),
    case(replace(DISTRICTS, responses=10_000_000)),
    case(replace(COUNTRY, form="xlsx")),
    case(replace(COUNTRY, files=20)),
    case(TENFOLD),
    case(replace(COUNTRY, responses=10_000_000)),
)
SIZES: Mapping[str, tuple[Part, ...]] = {"small": _SMALL, "medium": _MEDIUM, "full": _FULL}


def chosen(size: str, only: str) -> Iterator[Part]:
    """The parts of a size; only: those whose id holds one of these words, comma between them; a whole id is one part."""
    words, ids = [word for word in only.split(",") if word], {part.id for part in SIZES[size]}
    for part in SIZES[size]:
        if not words or any(word == part.id if word in ids else word in part.id for word in words):
            yield part
