"""Thái Nguyên 2017: Ban Dân tộc rises from the last of nineteen to rank 11, with three of nine fields at full points.

Stated by the province's press in 2018: the ranks of Ban Dân tộc (19 to 11, up 8, the largest rise), the nine fields
and the three full ones, its 2 of 2 procedures brought to level 3, and that it keeps up ISO 9001. Every index, and
every other rank, is made up.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from building.ground import read_ground
from building.story import Story, around

RISEN = "ban-dan-toc"
FULL = ("2", "5", "7")  # institutions, the apparatus, public finance
OTHERS = {"1": "85", "3": "75", "4": "82", "6": "72", "8": "74", "9": "79"}
UNITS = {  # unit -> sign in its documents, index
    "so-noi-vu": ("SNV", "91.2"),
    "so-tai-chinh": ("STC", "90.4"),
    "van-phong-ubnd": ("VPUBND", "89.7"),
    "so-tu-phap": ("STP", "88.9"),
    "so-khcn": ("SKHCN", "88.1"),
    "so-tttt": ("STTTT", "87.3"),
    "so-khdt": ("SKHĐT", "86.6"),
    "so-gddt": ("SGDĐT", "85.8"),
    "so-y-te": ("SYT", "85.1"),
    "so-cong-thuong": ("SCT", "84.3"),
    "so-gtvt": ("SGTVT", "82.7"),
    "so-ldtbxh": ("SLĐTBXH", "81.9"),
    "so-vhttdl": ("SVHTTDL", "81.0"),
    "so-nnptnt": ("SNN", "80.1"),
    "so-xay-dung": ("SXD", "79.2"),
    "so-tnmt": ("STNMT", "78.3"),
    "thanh-tra-tinh": ("TTr", "77.1"),
    "so-ngoai-vu": ("SNgV", "75.8"),
}
FRAMEWORK = read_ground(Path(__file__).parents[1] / "thai-nguyen-2017").frameworks["so"]

STORY = Story(
    aims={unit: around(FRAMEWORK, unit, index) for unit, (_, index) in UNITS.items()}
    | {RISEN: dict.fromkeys(FULL, Fraction(100)) | {code: Fraction(percent) for code, percent in OTHERS.items()}},
    facts={(RISEN, "8.2"): {"numerator": "2", "denominator": "2"}, (RISEN, "8.4"): {"option": "duy trì và cải tiến"}},
    tuned={FRAMEWORK.id: ("1.1.2", "2.1", "2.2.1", "3.1", "4.1", "4.2", "5.2", "6.2", "7.1", "8.1")},
    amounts={
        "1.1.2": (30, 70), "2.2.1": (40, 220), "3.1": (20, 90), "4.1": (20, 90), "4.2": (200, 4_000), "5.2": (40, 120),
        "6.2": (30, 110), "7.1": (4_000, 40_000), "8.1": (900, 6_000),
    },
    heads={"can_bo": 10, "nguoi_dan": 20},
    signs={unit: sign for unit, (sign, _) in UNITS.items()} | {RISEN: "BDT"},
)  # fmt: skip
