"""What a check found, before the rule book turns it into sentences for people."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing found by the check with this id.

    `location` is `file:line` for text and `file!sheet!Rn` for workbooks; `expected` overrides the rule
    book's general sentence where the case allows a sharper one.
    """

    check: str
    unit: str = ""
    code: str = ""
    location: str = ""
    found: str = ""
    expected: str = ""

    def of(self, unit: str, code: str = "") -> Fault:
        """The same fault, laid at this unit's (and leaf's) door."""
        return replace(self, unit=unit, code=code or self.code)
