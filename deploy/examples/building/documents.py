"""Evidence that is named and not handed in: one paper document per criterion, with number, issuer and date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from building.ground import Ground
from building.tables import Row
from building.variety import between, one_in

EVIDENCE = ("code", "document_number", "issuer", "issued_on", "title")


def evidence(ground: Ground, unit: str, sign: str, codes: Collection[str]) -> Iterator[Row]:
    """Rows of evidence.csv for the leaves claimed that need a document, and for half of those that may have one."""
    number = between(20, 60, "first number", unit)
    day = dt.date(ground.settings.year, 1, 10)
    for one in ground.framework_of(unit).fields:
        for criterion in one.criteria:
            number += between(3, 19, "number", unit, criterion.code)
            day += dt.timedelta(days=between(2, 8, "day", unit, criterion.code))
            for leaf in criterion.leaves:
                wanted = leaf.evidence == "required" or (leaf.evidence == "optional" and one_in(2, unit, leaf.code))
                if wanted and leaf.code in codes:
                    yield {
                        "code": leaf.code,
                        "document_number": f"{number}/BC-{sign}",
                        "issuer": ground.names[unit],
                        "issued_on": day.isoformat(),
                        "title": f"Báo cáo: {criterion.name} (minh họa)",
                    }
