"""Figures somebody published must come out of the rules."""

from fractions import Fraction

from models.rules.numbers import show
from models.rules.totals import ranks

# Bộ GTVT 2020 by field: points, maximum, published percentage (1149/QĐ-BNV).
TRANSPORT = (
    ("8.7874", "9", "98"), ("13.75474", "16.5", "83"), ("15.17095", "17", "89"), ("9.59166", "12.5", "77"),
    ("12.81666", "16", "80"), ("11.65307", "12.5", "93"), ("14.15839", "16.5", "86"),
)  # fmt: skip
# Thanh Hóa 2024, departments, in published order: applicable maximum and index shown.
THANH_HOA = (
    ("Sở Tài chính", 84, "90.05"), ("Sở Nội vụ", 84, "90.02"), ("Văn phòng UBND tỉnh", 84, "90.02"),
    ("Sở Tư pháp", 100, "89.30"), ("Sở TT&TT", 100, "88.04"), ("BQL KKT Nghi Sơn và các KCN", 100, "86.32"),
    ("Sở NN&PTNT", 100, "86.02"), ("Sở Xây dựng", 100, "85.91"), ("Sở GTVT", 100, "85.83"), ("Sở Công Thương", 100, "85.26"),
    ("Sở KH&ĐT", 100, "85.10"), ("Sở LĐ-TB&XH", 100, "85.03"), ("Sở KH&CN", 100, "85.02"), ("Sở Y tế", 100, "85.02"),
    ("Sở VH-TT&DL", 100, "85.01"), ("Thanh tra tỉnh", 84, "84.60"), ("Sở Ngoại vụ", 84, "83.69"),
    ("Ban Dân tộc", 84, "82.91"), ("Sở TN&MT", 100, "78.56"), ("Sở GD&ĐT", 100, "76.53"),
)  # fmt: skip


def test_the_ministry_of_transport_2020_has_85_9329() -> None:
    points = sum(Fraction(points) for points, _, _ in TRANSPORT)
    maximum = sum(Fraction(maximum) for _, maximum, _ in TRANSPORT)
    assert (points, maximum) == (Fraction("85.93287"), 100)
    assert show(points / maximum * 100, 4) == "85.9329"
    for points_of, maximum_of, percent in TRANSPORT:
        assert show(Fraction(points_of) / Fraction(maximum_of) * 100, 0) == percent


def test_thanh_hoa_2024_is_ordered_by_the_exact_index_and_never_by_points() -> None:
    # The published index is rounded; units shown with the same index differ below the second decimal.
    below = {name: Fraction(place, 10**5) for place, (name, _, _) in enumerate(reversed(THANH_HOA))}
    exact = {name: Fraction(index) + below[name] for name, _, index in THANH_HOA}
    assert all(show(exact[name], 2) == index for name, _, index in THANH_HOA)
    assert [ranks(exact)[name] for name, _, _ in THANH_HOA] == list(range(1, 21))
    points = {name: exact[name] * maximum / 100 for name, maximum, _ in THANH_HOA}
    assert [ranks(points)[name] for name, _, _ in THANH_HOA[:3]] == [15, 16, 17]


def test_equal_only_if_exactly_equal_and_the_next_rank_is_skipped() -> None:
    third = Fraction(1, 3)
    assert ranks({"a": Fraction(1), "b": third, "c": third, "d": Fraction(333, 1000)}) == {
        "a": 1,
        "b": 2,
        "c": 2,
        "d": 4,
    }


def test_282_of_375_procedures_are_75_2_percent() -> None:
    assert show(Fraction(282, 375) * 100, 1) == "75.2"
