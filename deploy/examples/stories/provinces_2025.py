"""Provinces 2025: sixty-three have become thirty-four; lineage is real, every index is made up.

Lineage: the merger of 2025, province by province, in the folder's units.csv.
"""

from __future__ import annotations

from pathlib import Path

from building.ground import read_ground
from building.story import Story, around
from building.variety import between

GROUND = read_ground(Path(__file__).parents[1] / "provinces-2025")
FRAMEWORK = GROUND.frameworks["tinh"]


def _index(unit: str) -> str:
    return f"{between(760, 935, 'index', unit) / 10:.1f}"


STORY = Story(
    aims={unit: around(FRAMEWORK, unit, _index(unit)) for unit in GROUND.names},
    tuned={FRAMEWORK.id: ("1.1", "1.2", "2.1", "3.1", "4.2", "5.1", "6.1", "7.1", "7.2")},
    amounts={
        "1.1": (60, 140), "1.2": (90, 400), "2.1": (3, 30), "3.1": (90_000, 900_000), "4.2": (20, 90), "5.1": (12, 16),
        "6.1": (4_000, 60_000), "7.1": (90_000, 900_000), "7.2": (40_000, 400_000),
    },
    heads={"lanh_dao_so": 8, "lanh_dao_xa": 12},
    signs=dict.fromkeys(GROUND.names, "UBND"),
    statistics_source="Số liệu minh hoạ",
)  # fmt: skip
