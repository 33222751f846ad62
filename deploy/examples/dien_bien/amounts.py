"""What Điện Biên's denominators count where it is more than a handful: files, documents, million đồng, people."""

from __future__ import annotations

from collections.abc import Mapping

from building.variety import between

AMOUNTS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "dien-bien-2020-departments": {
        "1.1.3": (22, 54), "1.6": (60, 240), "3.3.1": (24, 96), "3.3.3": (24, 96), "3.4.1": (180, 2_600),
        "3.4.2": (3, 19), "5.1": (34, 96), "5.4.2": (34, 96), "6.2.1": (6_000, 42_000), "7.1.2": (700, 3_900),
        "7.2.1": (24, 96), "7.2.3": (180, 2_600),
    },
    "dien-bien-2020-districts": {
        "1.1.3": (22, 54), "1.6": (60, 240), "3.2.2": (210, 290), "3.3.1": (210, 290), "3.4.1": (400, 3_900),
        "3.4.2": (1_200, 6_400), "3.4.3": (3, 25), "5.5.1": (160, 320), "5.5.2": (160, 320),
        "6.2": (52_000, 240_000), "7.1.2": (1_900, 5_600), "7.2.1": (1_600, 7_000), "7.3": (1_600, 7_000),
    },
}  # fmt: skip
HANDFUL = (6, 24)


def amount_of(framework: str, code: str, unit: str) -> int:
    """What this unit's denominator of this leaf is."""
    return between(*AMOUNTS[framework].get(code, HANDFUL), "amount", unit, code)
