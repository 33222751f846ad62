"""Tân Kỳ 2020: a district appraises its communes, mostly by survey, and gives two figures of its own.

Stated by Báo Nghệ An, 26/10/2020: 282 of 375 procedures published (75.2%), "of which" 36 on level 3 and 339 on
level 2; level 4 transactions with the Treasury for all budget users; feedback box, hot-line board and attendance
machine at Phú Sơn; unannounced inspections at Tân Hương and Nghĩa Dũng. Every index is made up.
"""

from __future__ import annotations

from pathlib import Path

from building.figures import Figures
from building.ground import read_ground
from building.story import Story, around

DISTRICT = "ubnd-huyen"
INSPECTED = ("nghia-dung", "tan-huong")
UNITS = {
    "tt-tan-ky": "86.5",
    "dong-van": "71.2",
    "giai-xuan": "80.3",
    "huong-son": "74.8",
    "ky-son": "78.1",
    "ky-tan": "83.9",
    "nghia-binh": "79.4",
    "nghia-dong": "82.6",
    "nghia-dung": "77.3",
    "nghia-hanh": "73.5",
    "nghia-hoan": "76.1",
    "nghia-hop": "81.7",
    "nghia-phuc": "69.8",
    "nghia-thai": "84.7",
    "phu-son": "85.6",
    "tan-an": "75.4",
    "tan-hop": "72.4",
    "tan-huong": "82.1",
    "tan-long": "78.8",
    "tan-phu": "80.9",
    "tan-xuan": "70.6",
    "tien-ky": "68.3",
}
COMMUNES = read_ground(Path(__file__).parents[1] / "tan-ky").frameworks["xa"]
NOT_INSPECTED = "Trong năm không có đoàn kiểm tra đột xuất tại xã"
YES: Figures = {"met": "yes"}

STORY = Story(
    aims={unit: around(COMMUNES, unit, index) for unit, index in UNITS.items()} | {DISTRICT: {}},
    facts={
        (DISTRICT, "1.1"): {"numerator": "282", "denominator": "375"},
        (DISTRICT, "1.2"): {"numerator": "94", "denominator": "94"},  # all of them; how many was not stated
        ("phu-son", "3.1"): YES,
        ("phu-son", "4.1"): YES,
    },
    breakdowns={(DISTRICT, "1.1"): "mức độ 3: 36; mức độ 2: 339"},
    out={(unit, "3.3"): NOT_INSPECTED for unit in UNITS if unit not in INSPECTED},
    tuned={COMMUNES.id: ("1.2", "2.2", "2.3", "3.2", "4.2", "4.3", "5.1")},
    amounts={
        "1.2": (30, 90), "2.2": (300, 2_600), "2.3": (300, 2_600), "3.2": (18, 32), "4.2": (4, 40), "4.3": (6, 70),
        "5.1": (400, 1_900), "5.2": (18, 32),
    },
    heads={"doanh_nghiep": 6, "nguoi_dan": 24},
    signs={unit: "UBND" for unit in (*UNITS, DISTRICT)},
)  # fmt: skip
