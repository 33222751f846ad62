"""What a check found, before the rule book turns it into sentences for people."""

from __future__ import annotations

from dataclasses import dataclass, replace

_BETWEEN = " ‖ "


def in_both(vi: str, en: str) -> str:
    """One text that says the same in Vietnamese and English, for what a fault expects."""
    return f"{vi}{_BETWEEN}{en}"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing found by the check with this id.

    `location` is `file:line` for text and `file!sheet!Rn` for workbooks; `expected` sharpens the rule
    book's general sentence where the case allows it; it needs no language, or has both (`in_both`).
    """

    check: str
    unit: str = ""
    code: str = ""
    location: str = ""
    found: str = ""
    expected: str = ""

    def expected_in(self) -> tuple[str, str]:
        """What was expected, in Vietnamese and in English."""
        vi, _, en = self.expected.partition(_BETWEEN)
        return vi, en or vi

    def of(self, unit: str, code: str = "") -> Fault:
        """The same fault, laid at this unit's (and leaf's) door."""
        return replace(self, unit=unit, code=code or self.code)
