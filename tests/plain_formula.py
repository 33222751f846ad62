"""Works out the plain formulas of our forms with exact fractions, as a spreadsheet would if it had them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from models.rules.numbers import round_half_up

Value = Fraction | str | bool | None
Thunk = Callable[[], Value]
COMPARE = {">=": operator.ge, "<": operator.lt, "=": operator.eq}
TOKEN = re.compile(r'\s*("(?:[^"]|"")*"|[A-Z]+[0-9]+|[A-Z]+(?=\()|[0-9.]+|>=|[<=+*/(),-])')


def work_out(formula: str, cells: Mapping[str, Value]) -> Value:
    """The value of a formula; cells that are not given are empty."""
    tokens = TOKEN.findall(formula.removeprefix("="))
    assert "".join(tokens) == formula.removeprefix("="), formula
    return Reader(tokens, cells).compared()()


class Reader:
    """Turns tokens into thunks, so that only the branch an IF takes is worked out."""

    def __init__(self, tokens: list[str], cells: Mapping[str, Value]) -> None:
        self.tokens, self.cells = tokens, cells

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens and self.tokens[0] in wanted else None

    def compared(self) -> Thunk:
        left = self.summed()
        sign = self.take(">=", "<", "=")
        return left if sign is None else self.joined(COMPARE[sign], left, self.summed())

    def summed(self) -> Thunk:
        return self.chain(self.multiplied, {"+": lambda a, b: a + b, "-": lambda a, b: a - b})

    def multiplied(self) -> Thunk:
        return self.chain(self.atom, {"*": lambda a, b: a * b, "/": lambda a, b: a / b})

    def chain(self, part: Callable[[], Thunk], signs: dict) -> Thunk:
        left = part()
        while (sign := self.take(*signs)) is not None:
            left = self.joined(signs[sign], left, part())
        return left

    @staticmethod
    def joined(join: Callable, left: Thunk, right: Thunk) -> Thunk:
        return lambda: join(left(), right())

    def atom(self) -> Thunk:
        token = self.tokens.pop(0)
        if token == "-":
            inner = self.atom()
            return lambda: -inner()  # type: ignore[operator]
        if token == "(":
            inner = self.compared()
            assert self.take(")")
            return inner
        if token.startswith('"'):
            return lambda: token[1:-1].replace('""', '"')
        if token[0].isdigit():
            return lambda: Fraction(token)
        if not self.take("("):
            return lambda: self.cells.get(token)
        given = [self.compared()]
        while self.take(","):
            given.append(self.compared())
        assert self.take(")")
        return lambda: FUNCTIONS[token](given)


def _rounded(given: list[Thunk]) -> Fraction:
    value, decimals = given[0](), int(given[1]())  # type: ignore[arg-type]
    return Fraction(round_half_up(value, decimals), 10**decimals)  # type: ignore[arg-type]


FUNCTIONS: dict[str, Callable[[list[Thunk]], Value]] = {
    "IF": lambda given: given[1]() if given[0]() else given[2](),
    "OR": lambda given: any(one() for one in given),
    "EXACT": lambda given: (given[0]() or "") == given[1](),
    "COUNT": lambda given: Fraction(sum(isinstance(one(), Fraction) for one in given)),
    "MAX": lambda given: max(one() for one in given),  # type: ignore[type-var]
    "ROUND": _rounded,
}
