"""Hà Giang: the standing agency's half-year figures, what they consist of, and how the year reuses them.

Stated by Báo Hà Giang of Sở Nội vụ: 736 files in six months, all on time, of which 66 + 104 + 74 + 417 + 75; 36
procedures simplified; 6 divisions and 3 units below it; 85 people, each with a computer on the network; ISO
9001:2008. The second half year, the other departments and every index are made up.
"""

from __future__ import annotations

from pathlib import Path

from building.figures import Figures
from building.ground import read_ground
from building.story import Story, around

AGENCY, CARELESS = "so-noi-vu", "so-tai-chinh"
FORGETFUL = "so-cong-thuong"  # its year has fewer files on time than its half-year had
UNITS = {  # unit -> sign in its documents, index
    "so-noi-vu": ("SNV", "94"),
    "so-tu-phap": ("STP", "90"),
    "so-tai-chinh": ("STC", "86.5"),
    "so-khdt": ("SKHĐT", "84"),
    "so-tttt": ("STTTT", "81"),
    "so-cong-thuong": ("SCT", "77.5"),
}
FRAMEWORK = read_ground(Path(__file__).parents[1] / "ha-giang").frameworks["so"]
KINDS = (
    "thuyên chuyển ra ngoài tỉnh: 66; xếp lương, chuyển loại công chức xã: 104; chuyển mã ngạch: 74; "
    "bổ nhiệm ngạch: 417; chính sách thu hút: 75"
)


def _all(number: int) -> Figures:
    return _out_of(number, number)


def _out_of(number: int, of: int) -> Figures:
    return {"numerator": str(number), "denominator": str(of)}


STORY = Story(
    aims={unit: around(FRAMEWORK, unit, index) for unit, (_, index) in UNITS.items()},
    facts={
        (AGENCY, "2.1"): {"value": "36"},
        (AGENCY, "2.2.1"): _all(736),
        (AGENCY, "2.2.2"): {"numerator": "1514", "denominator": "1520"},
        (AGENCY, "3.1"): _all(9),
        (AGENCY, "4.1"): _all(85),
        (AGENCY, "4.3"): {"met": "yes"},
        (CARELESS, "2.2.1"): {"numerator": "402", "denominator": "418"},
        (CARELESS, "2.2.2"): {"numerator": "779", "denominator": "841"},
    },
    breakdowns={
        (AGENCY, "2.2.1"): KINDS,
        (AGENCY, "2.2.2"): "6 tháng đầu năm: 736; 6 tháng cuối năm: 778",
        (AGENCY, "3.1"): "phòng chức năng: 6; đơn vị trực thuộc: 3",
        (CARELESS, "2.2.2"): "6 tháng đầu năm: 418; 6 tháng cuối năm: 377",  # 418 came in, 402 were on time
    },
    midyear={
        AGENCY: {
            "1.2": _out_of(18, 18), "1.3": _out_of(31, 83), "2.1": {"value": "20"}, "2.2.1": _all(736),
            "2.2.2": _all(736), "3.1": _all(9), "4.1": _all(85), "4.2": _out_of(598, 660),
        },
        CARELESS: {
            "1.3": _out_of(30, 99), "2.2.1": _out_of(402, 418), "2.2.2": _out_of(402, 418),
            "4.2": _out_of(1_190, 1_702),
        },
        "so-tu-phap": {
            "1.2": _out_of(7, 8), "2.2.1": _out_of(738, 780), "2.2.2": _out_of(738, 780), "4.2": _out_of(940, 1_460),
        },
        FORGETFUL: {"2.2.1": _out_of(138, 230), "2.2.2": _out_of(941, 1_120), "4.2": _out_of(800, 1_240)},
    },
    tuned={FRAMEWORK.id: ("1.2", "1.3", "2.2.1", "2.2.2", "3.2", "4.1", "4.2")},
    amounts={
        "1.2": (12, 40), "1.3": (30, 120), "2.2.1": (120, 900), "2.2.2": (1_000, 1_900), "3.2": (20, 60),
        "4.1": (40, 110), "4.2": (900, 4_000),
    },
    heads={},
    signs={unit: sign for unit, (sign, _) in UNITS.items()},
)  # fmt: skip
