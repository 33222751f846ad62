"""Ministries 2020 on 1149/QĐ-BNV: what was published of Bộ Giao thông vận tải comes out, to the last decimal.

The seven sums of Bộ GTVT, its rank in each field and among the 17 were published with the index of 2020. Every
other aim is made up: some above and some below it in each field, as its ranks say.
"""

from __future__ import annotations

from fractions import Fraction

from building.story import Story

TRANSPORT = "bo-gtvt"
MAXIMA = ("9", "16.5", "17", "12.5", "16", "12.5", "16.5")
SUMS = ("8.7874", "13.75474", "15.17095", "9.59166", "12.81666", "11.65307", "14.15839")  # published
SIGNS = {
    "bo-ct": "BCT", "bo-gddt": "BGDĐT", "bo-gtvt": "BGTVT",
    "bo-khdt": "BKHĐT", "bo-khcn": "BKHCN", "bo-ldtbxh": "BLĐTBXH",
    "bo-ng": "BNG", "bo-nv": "BNV", "bo-nnptnt": "BNN", "bo-tc": "BTC",
    "bo-tnmt": "BTNMT", "bo-tttt": "BTTTT", "bo-tp": "BTP",
    "bo-vhttdl": "BVHTTDL", "bo-xd": "BXD", "bo-yt": "BYT", "nhnn": "NHNN",
    "ttcp": "TTCP", "ubdt": "UBDT",
}  # fmt: skip
MADE_UP = {  # percent of each field
    "nhnn": ("98.8", "93.6", "97.0", "90.9", "93.4", "95.5", "95.1"),
    "bo-tp": ("98.4", "87.8", "95.3", "89.5", "94.5", "97.0", "96.9"),
    "bo-tc": ("98.7", "90.6", "94.5", "86.9", "91.4", "94.8", "94.3"),
    "bo-nv": ("98.2", "81.8", "93.7", "88.2", "92.4", "92.4", "96.0"),
    "bo-nnptnt": ("98.3", "81.1", "96.1", "83.4", "90.5", "96.2", "91.1"),
    "bo-tttt": ("95.9", "85.2", "92.2", "85.7", "88.7", "94.1", "93.5"),
    "bo-khdt": ("98.6", "78.8", "93.0", "84.5", "89.6", "91.6", "91.9"),
    "bo-vhttdl": ("96.8", "82.6", "88.4", "81.1", "87.8", "90.0", "92.7"),
    "bo-ct": ("95.0", "78.9", "90.8", "80.0", "86.0", "89.1", "88.1"),
    "bo-tnmt": ("94.1", "82.0", "91.5", "82.2", "83.5", "85.1", "87.4"),
    "bo-xd": ("90.5", "79.6", "90.1", "75.9", "86.9", "88.3", "88.9"),
    "bo-khcn": ("93.2", "78.1", "85.4", "78.9", "85.2", "90.8", "90.4"),
    "bo-ldtbxh": ("91.4", "77.3", "86.9", "73.7", "82.7", "87.5", "89.6"),
    "bo-ng": ("89.6", "75.1", "82.4", "77.8", "84.3", "85.9", "86.7"),
    "bo-gddt": ("92.3", "76.6", "83.9", "71.4", "81.8", "86.7", "80.5"),
    "bo-yt": ("88.7", "74.3", "80.9", "69.2", "81.0", "84.2", "85.0"),
    "ttcp": ("93.0", "79.5", "84.0", "78.1", "83.2", "88.0", "82.4"),
    "ubdt": ("91.6", "76.2", "80.7", "77.3", "82.0", "86.9", "78.8"),
}
PUBLISHED = tuple(Fraction(points) / Fraction(most) * 100 for points, most in zip(SUMS, MAXIMA, strict=True))


def _fields(percents: tuple[str, ...] | tuple[Fraction, ...]) -> dict[str, Fraction]:
    return {str(number): Fraction(percent) for number, percent in enumerate(percents, start=1)}


STORY = Story(
    aims={unit: _fields(percents) for unit, percents in MADE_UP.items()} | {TRANSPORT: _fields(PUBLISHED)},
    exact=frozenset({TRANSPORT}),
    tuned={
        "ministries-1149": (
            "1.1.2", "1.6", "2.1.2", "2.4.1", "3.4.1", "3.4.2", "4.2.2", "4.3.2", "5.1.2", "5.5.1",
            "6.1.1", "6.1.2", "7.1.2", "7.2.3",
        ),
    },
    amounts={
        "1.1.2": (40, 90), "1.6": (120, 420), "2.1.2": (12, 40), "2.4.1": (60, 240), "3.2.2": (90, 400),
        "3.3.1": (90, 400), "3.4.1": (2_000, 90_000), "3.4.2": (9_000, 300_000), "4.3.2": (20, 90), "5.1.2": (18, 40),
        "5.5.1": (300, 2_400), "5.5.2": (300, 2_400), "6.1.1": (900, 42_000), "6.1.2": (300, 6_000),
        "7.1.2": (9_000, 60_000), "7.2.3": (2_000, 90_000),
    },
    heads={"cong_chuc": 10, "doanh_nghiep": 20, "lanh_dao_so": 20, "lanh_dao_vu": 5, "nguoi_dan": 30},
    signs=SIGNS,
)  # fmt: skip
