"""Small cycles whose figures can be computed by hand: judged leaves, or one survey leaf."""

from __future__ import annotations

from dataclasses import replace

from models.rules.cycle import Band, Bloc, CycleInputs, CycleSettings
from models.rules.frames import CLAIMS, MARKS, SURVEY_COUNTS, SURVEY_VALID, UNITS, frame
from models.rules.framework import Criterion, Decision, Framework, Judgement, Leaf, ReformField, Survey
from models.rules.scoring import score
from models.rules.totals import standings, totals

SCALE = {"A": "100", "B": "60", "C": "20", "D": "0"}


def field(code: str, *leaves: Leaf) -> ReformField:
    criteria = tuple(Criterion(leaf.code, leaf.name, leaf.maximum, (leaf,), True) for leaf in leaves)
    return ReformField(code, f"Lĩnh vực {code}", str(sum(int(leaf.maximum) for leaf in leaves)), criteria)


def judged(code: str, maximum: str) -> Leaf:
    return Leaf(code, f"Mục {code}", maximum, "appraisal", "none", Judgement(), "2021-01-01")


def survey_leaf(code: str, maximum: str, weights: dict[str, str]) -> Leaf:
    rule = Survey(("q1",), SCALE, weights)
    return Leaf(code, f"Mục {code}", maximum, "survey", "none", rule, "2021-01-01")


BANDS = (Band("Tốt", "80"), Band("Khá", "50"), Band("Yếu", "0"))


def cycle(points: dict[str, tuple[int, ...]], claimed: dict[str, tuple[int, ...]] | None = None) -> CycleInputs:
    """Units with judged leaves 1.1 (4), 1.2 (6) and 2.1 (10), one appraiser for each field."""
    leaves = (judged("1.1", "4"), judged("1.2", "6"), judged("2.1", "10"))
    law = Framework(
        "bo", "Bộ", Decision("1", "2020-01-01", "UBND"), "20", (field("1", *leaves[:2]), field("2", leaves[2])), 2
    )
    rows = [
        (unit, leaf.code, str(given)) for unit, all_ in points.items() for leaf, given in zip(leaves, all_, strict=True)
    ]
    own = claimed or points
    return CycleInputs(
        CycleSettings("k", "Kỳ", 2020, (Bloc("so", "Sở", "bo", BANDS),)),
        {"bo": law},
        frame(
            [
                {"unit": u, "name": u, "bloc": "so", "scored": "yes", "ranked": "yes", "published": "yes"}
                for u in points
            ],
            UNITS,
        ),
        claims=frame(
            [
                {"unit": u, "code": leaf.code, "points": str(p)}
                for u, all_ in own.items()
                for leaf, p in zip(leaves, all_, strict=True)
            ],
            CLAIMS,
        ),
        marks=frame(
            [
                {"unit": u, "code": c, "points": p, "round": "1", "appraiser": f"t{c[0]}", "reason": "r"}
                for u, c, p in rows
            ],
            MARKS,
        ),
    )


def computed(inputs: CycleInputs):
    sheets = score(inputs)
    return sheets, standings(inputs, totals(inputs, sheets))


def surveyed(counts: dict[str, dict[str, int]], weights: dict[str, str]) -> CycleInputs:
    leaf = survey_leaf("1.1", "8", weights)
    law = Framework("bo", "Bộ", Decision("1", "2020-01-01", "UBND"), "8", (field("1", leaf),), 5)
    cells = [(g, o, n) for g, all_ in counts.items() for o, n in all_.items()]
    base = cycle({"a": (0, 0, 0)})
    return replace(
        base,
        frameworks={"bo": law},
        survey_present=True,
        survey_counts=frame(
            [
                {"unit": "a", "code": "1.1", "group": g, "question": "q1", "option": o, "count": str(n)}
                for g, o, n in cells
            ],
            SURVEY_COUNTS,
        ),
        survey_valid=frame(
            [{"unit": "a", "code": "1.1", "group": g, "valid": str(sum(all_.values()))} for g, all_ in counts.items()],
            SURVEY_VALID,
        ),
    )
