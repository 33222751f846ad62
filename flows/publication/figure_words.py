"""Figures in words, as forms and worksheets show what a unit or an appraiser gave; numbers with a decimal comma."""

from __future__ import annotations

from collections.abc import Mapping

from models.rules.frames import INPUTS

NAMES = {
    "met": "Đạt", "option": "Lựa chọn", "numerator": "Tử số", "denominator": "Mẫu số", "value": "Giá trị",
    "count": "Số lượng", "points": "Điểm",
}  # fmt: skip
FLAGS = {"yes": "có", "no": "không"}


def number(text: str) -> str:
    """A canonical number as Vietnamese write it: 0,25."""
    return text.replace(".", ",")


def short_number(text: str) -> str:
    """The same without the zeros a fixed number of decimals leaves: 0.50000 is 0,5."""
    return number(text.rstrip("0").rstrip(".") if "." in text else text)


def spelled(given: Mapping[str, str], names: tuple[str, ...] = INPUTS) -> str:
    """Every figure given, with its column's name: "Tử số: 9; Mẫu số: 10"."""
    return "; ".join(f"{NAMES[name]}: {_figure(name, given[name])}" for name in names if given[name])


def brief(given: Mapping[str, str]) -> str:
    """The figures alone: "9/10", "có", "3"; "" where nothing was given. Points are shown elsewhere."""
    if given["numerator"] or given["denominator"]:
        return f"{number(given['numerator'])}/{number(given['denominator'])}"
    said = (_figure(name, given[name]) for name in ("met", "option", "value", "count") if given[name])
    return "; ".join(said)


def _figure(name: str, text: str) -> str:
    if name == "met":
        return FLAGS.get(text, text)
    return text if name == "option" else number(text)
