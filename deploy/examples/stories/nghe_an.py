"""Nghệ An 2020: a province appraises departments and districts; one district's communes feed two of its leaves.

The tree: Nghệ An (cycle nghe-an) → Tân Kỳ district (cycle tan-ky) → its 22 communes. Every figure here is made up;
what the communes of Tân Kỳ got is the example tan-ky.
"""

from __future__ import annotations

from pathlib import Path

from building.ground import read_ground
from building.story import Story, around

GROUND = read_ground(Path(__file__).parents[1] / "nghe-an")
UNITS = {  # unit -> sign in its documents, index aimed at (of a district: without its communes)
    "so-noi-vu": ("SNV", "91"),
    "so-tu-phap": ("STP", "88.5"),
    "so-tttt": ("STTTT", "84"),
    "huyen-tan-ky": ("UBND", "81.5"),
    "huyen-anh-son": ("UBND", "78"),
    "huyen-do-luong": ("UBND", "84.5"),
    "huyen-nghia-dan": ("UBND", "76"),
    "huyen-yen-thanh": ("UBND", "80.5"),
}
TUNED = {"so": ("1.2", "2.1", "2.2", "3.1", "4.1"), "huyen": ("1.2", "1.3", "2.1", "2.2", "3.1", "4.1")}

STORY = Story(
    aims={unit: around(GROUND.framework_of(unit), unit, index) for unit, (_, index) in UNITS.items()},
    below=frozenset((link.unit, link.code) for link in GROUND.settings.lower),
    tuned={framework.id: TUNED[bloc] for bloc, framework in GROUND.frameworks.items()},
    amounts={
        "1.2": (40, 160), "1.3": (20, 40), "2.1": (1_200, 9_000), "2.2": (280, 390), "3.1": (40, 220),
        "4.1": (900, 6_000),
    },
    heads={},
    signs={unit: sign for unit, (sign, _) in UNITS.items()},
    statistics_source="Số liệu minh hoạ: kết quả huyện chấm xã, gửi bằng văn bản",
)  # fmt: skip
