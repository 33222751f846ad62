"""Drawing with svg.py: the one place where its elements are made, so that every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence

import svg
from markupsafe import Markup, escape

HOLE = "\ue000"  # of private use, so in no text that anybody writes
Places = int | str  # whole pixels, or decimal text with its unit ("12.50%")


def rect(kind: str, x: Places, y: Places, width: Places, height: Places) -> svg.Rect:
    """A rectangle; its look comes from style.css by its class."""
    return svg.Rect(class_=[kind], x=x, y=y, width=width, height=height)  # type: ignore[arg-type]  # decimal text


def line(kind: str, x1: Places, y1: Places, x2: Places, y2: Places) -> svg.Line:
    """A straight line."""
    return svg.Line(class_=[kind], x1=x1, y1=y1, x2=x2, y2=y2)  # type: ignore[arg-type]


def dot(kind: str, cx: Places, cy: Places, r: int) -> svg.Circle:
    """A point of a line chart."""
    return svg.Circle(class_=[kind], cx=cx, cy=cy, r=r)  # type: ignore[arg-type]


def words(kind: str, x: Places, y: Places, text: str, more: str = "", shift: int = 0) -> svg.Text:
    """A text, escaped here: svg.py writes it as it is. more: what is left out where there is little room."""
    plain = str(escape(text))
    if not more:
        return svg.Text(class_=[kind], x=x, y=y, text=plain, dx=shift or None)  # type: ignore[arg-type]
    told: list[svg.Element] = [
        svg.TSpan(text=plain),
        svg.TSpan(class_=["more"], text=str(escape(f" · {more}"))),
    ]
    return svg.Text(class_=[kind], x=x, y=y, elements=told, dx=shift or None)  # type: ignore[arg-type]


def drawing(kind: str, height: int, labelled_by: str, elements: Sequence[svg.Element]) -> Markup:
    """An inline picture as wide as its place; ids in `labelled_by` tell it to those who do not see it."""
    return Markup(
        svg.SVG(
            xmlns=None,
            class_=[kind],
            width="100%",  # type: ignore[arg-type]  # a share of its place
            height=height,
            elements=list(elements),
            extra={"role": "img", "aria-labelledby": labelled_by},
        )
    )


def pattern(drawn: Markup) -> str:
    """A drawing with holes as a pattern for `%`, one place per hole: drawn once, filled for thousands."""
    return str(drawn).replace("%", "%%").replace(HOLE, "%s")
