"""Makes random but acceptable inputs of a cycle: every rule kind, exemptions, corrections, bonus, merged units."""

from __future__ import annotations

from random import Random

import pandas as pd

from models.rules import frames
from models.rules.cycle import Band, Bloc, CycleInputs, CycleSettings
from models.rules.framework import (
    Choice,
    Criterion,
    Decision,
    Deduction,
    Framework,
    Judgement,
    Leaf,
    Option,
    PassFail,
    Ratio,
    ReformField,
    Survey,
    Tier,
    Tiers,
)
from models.rules.numbers import plain
from models.rules.survey import count_answers

KINDS = (
    "pass_fail",
    "choice",
    "tiers",
    "tiers_ratio",
    "ratio",
    "deduction",
    "judgement",
    "survey",
    "statistics",
)
ZERO = ("full", "zero", "not_applicable")


def number(rng: Random, most: int, decimals: int) -> str:
    """A canonical number between 0 and most."""
    from fractions import Fraction

    scale = 10 ** rng.randint(0, decimals)
    return plain(Fraction(rng.randint(0, most * scale), scale))


def positive(rng: Random, most: int, decimals: int) -> str:
    """The same, above 0."""
    text = number(rng, most, decimals)
    return text if text != "0" else "1"


def random_rule(rng: Random, kind: str, maximum: str, code: str):
    """A rule of a kind, fitting the maximum."""
    from fractions import Fraction

    full = Fraction(maximum)

    def part() -> str:
        return plain(full * rng.randint(0, 8) / 8)

    if kind == "choice":
        return Choice(tuple(Option(f"chọn {i}", part()) for i in range(rng.randint(1, 4))))
    if kind in ("tiers", "tiers_ratio"):
        steps = sorted({rng.randint(-5 if kind == "tiers" else 0, 120) for _ in range(rng.randint(1, 4))})
        worth = sorted(Fraction(part()) for _ in steps)
        made = []
        for place, (step, points) in enumerate(zip(steps, worth, strict=True)):
            linear = plain(points * rng.randint(0, 4) / 4) if rng.random() < 0.5 and place + 1 < len(steps) else None
            made.append(Tier(str(step), plain(points), linear))
        return Tiers(tuple(made), "value" if kind == "tiers" else "ratio", rng.choice(ZERO))
    if kind == "ratio":
        return Ratio(rng.choice([None, number(rng, 100, 1)]), rng.choice(ZERO))
    if kind == "deduction":
        return Deduction(positive(rng, 2, 2), rng.choice(["0", "-1.5"]))
    if kind == "survey":
        questions = tuple(f"q{code}.{i}" for i in range(rng.randint(1, 3)))
        weights = {"dan": number(rng, 3, 1), "lanh_dao": positive(rng, 3, 1)}
        least = {"dan": rng.randint(1, 3)} if rng.random() < 0.5 else {}
        options = {"A": "100", "B": "66.6", "C": "20.25", "D": "0"}
        return Survey(questions, options, weights, least, rng.choice(["not_applicable", "reweight"]))
    return {"pass_fail": PassFail(), "judgement": Judgement(), "statistics": None}[kind]


def random_framework(rng: Random, identity: str) -> Framework:
    """Two or three fields with leaves at both depths; maxima add up."""
    from fractions import Fraction

    fields = []
    for f in range(1, rng.randint(2, 3) + 1):
        criteria = []
        for c in range(1, rng.randint(1, 3) + 1):
            flat = rng.random() < 0.3
            leaves = []
            for n in range(1, 2 if flat else rng.randint(2, 4)):
                code = f"{f}.{c}" if flat else f"{f}.{c}.{n + 8}"
                kind = rng.choice(KINDS)
                maximum = positive(rng, 5, 2)
                source = kind if kind in ("survey", "statistics") else "appraisal"
                evidence = rng.choice(["required", "optional", "none"]) if source == "appraisal" else "none"
                rule = random_rule(rng, kind, maximum, code)
                leaves.append(Leaf(code, f"Tiêu chí {code}", maximum, source, evidence, rule))
            total = plain(sum(Fraction(leaf.maximum) for leaf in leaves))
            criteria.append(Criterion(f"{f}.{c}", f"Nhóm {f}.{c}", total, tuple(leaves), flat))
        total = plain(sum(Fraction(one.maximum) for one in criteria))
        fields.append(ReformField(str(f), f"Lĩnh vực {f}", total, tuple(criteria)))
    total = plain(sum(Fraction(one.maximum) for one in fields))
    cap = rng.choice([None, "1"])
    return Framework(
        identity,
        "Bộ",
        Decision("1", "2020-01-01", "UBND"),
        total,
        tuple(fields),
        rng.choice([2, 5]),
        cap,
        cap,
    )


def random_inputs(rng: Random, leaf: Leaf) -> dict[str, str]:
    """Inputs the leaf's rule accepts."""
    rule = leaf.rule
    if isinstance(rule, PassFail):
        return {"met": rng.choice(["yes", "no"])}
    if isinstance(rule, Choice):
        return {"option": rng.choice(rule.options).value}
    if isinstance(rule, Judgement):
        from fractions import Fraction

        return {"points": plain(Fraction(leaf.maximum) * rng.randint(0, 64) / 64)}
    if isinstance(rule, Deduction):
        return {"count": str(rng.randint(0, 6))}
    if isinstance(rule, Tiers) and rule.measure == "value":
        return {"value": rng.choice(["", "-"]).join(["", number(rng, 130, 3)]).replace("-0", "0") or "0"}
    below = number(rng, 9, 1)
    return {"numerator": "0" if below == "0" else number(rng, 10, 1), "denominator": below}


def random_cycle(rng: Random) -> CycleInputs:
    """A complete cycle: every appraisal leaf marked, every statistic given."""
    frameworks = {name: random_framework(rng, name) for name in ("f1", "f2")}
    bands = (Band("Tốt", "80"), Band("Khá", "50"), Band("Yếu", rng.choice(["0", "-50"])))
    settings = CycleSettings(
        "thu-2020", "Kỳ thử", 2020,
        (Bloc("so", "Sở", "f1", bands), Bloc("huyen", "Huyện", "f2", bands)),
        rng.choice([0, 2, 3]), rng.choice(["explain", "zero"]), rng.choice(["exact", "shown"]),
    )  # fmt: skip
    units = [
        {
            "unit": f"u{n:02}", "name": f"=Đơn vị {n}", "bloc": rng.choice(["so", "huyen"]), "scored": "yes",
            "ranked": rng.choice(["yes", "yes", "yes", "no"]), "published": rng.choice(["yes", "yes", "yes", "no"]),
            "predecessors": rng.choice(["", "", "", "cu"]), "valid_from": rng.choice(["", "", "", "2018-07-01"]),
        }
        for n in range(rng.randint(1, 6))
    ]  # fmt: skip
    rows: dict[str, list[dict[str, str]]] = {
        name: []
        for name in (
            "claims",
            "marks",
            "evidence",
            "exemptions",
            "statistics",
            "adjustments",
            "previous",
            "history",
            "crosswalk",
            "previous_scores",
        )
    }
    counts, valid = [], []
    for unit in units:
        framework = frameworks[settings.bloc(unit["bloc"]).framework]
        for leaf in framework.leaves:
            at = {"unit": unit["unit"], "code": leaf.code}
            if leaf.source == "statistics":
                points = random_inputs(rng, Leaf("", "", leaf.maximum, "appraisal", "none", Judgement()))
                rows["statistics"].append({**at, **points, "source": "+Cục"})
            elif leaf.source == "appraisal":
                fill_leaf(rng, leaf, at, rows)
            if rng.random() < 0.05:
                rows["exemptions"].append({**at, "reason": "-miễn", "approved_by": "UBND"})
        if rng.random() < 0.1:
            code = rng.choice(framework.fields).code
            rows["exemptions"].append(
                {"unit": unit["unit"], "code": code, "reason": "miễn lĩnh vực", "approved_by": "x"}
            )
        for kind in ("bonus", "penalty"):
            for _ in range(rng.choice([0, 0, 1, 2])):
                rows["adjustments"].append(
                    {
                        "unit": unit["unit"],
                        "kind": kind,
                        "points": positive(rng, 1, 3),
                        "reason": "r",
                        "decided_by": "d",
                    }
                )
        if rng.random() < 0.7:
            rows["previous"].append(
                {"unit": unit["unit"], "bloc": rng.choice(["", "so"]), "index": number(rng, 100, 4),
                 "rank": rng.choice(["", "1", "7"]), "framework": rng.choice(["", "f0"])}
            )  # fmt: skip
        for year in range(2015, 2020):
            if rng.random() < 0.3:
                rows["history"].append(
                    {"unit": unit["unit"], "year": str(year), "index": number(rng, 100, 4),
                     "rank": rng.choice(["", "3"]), "framework": rng.choice(["", "f0", "f1"]),
                     "source": rng.choice(["", "báo cáo", "@"])}
                )  # fmt: skip
        for code in ("9.1", "9.2", "9.3", "9.10"):
            if rng.random() < 0.8:
                final = {"final": rng.choice(["", number(rng, 9, 3), "-0.5"])}
                rows["previous_scores"].append(
                    {"unit": unit["unit"], "code": code, "applicable": rng.choice(["0", "10", "9.5"]), **final}
                )
        answers = random_answers(rng, framework, unit["unit"])
        one, other = count_answers(framework, answers)
        counts.append(one)
        valid.append(other)
    for framework in frameworks.values() if rng.random() < 0.8 else ():
        for leaf in framework.leaves:
            if rng.random() < 0.6:
                rows["crosswalk"].append(
                    {"framework": framework.id, "code": leaf.code, "old_framework": rng.choice(["f0", "f0", "f9"]),
                     "old_codes": ";".join(rng.sample(["9.1", "9.2", "9.3", "9.10"], rng.choice([1, 1, 2]))),
                     "same_meaning": rng.choice(["yes", "yes", "no"]), "reference": "=theo tên"}
                )  # fmt: skip
    tables = {name: frames.frame(found, getattr(frames, name.upper())) for name, found in rows.items()}
    return CycleInputs(
        settings, frameworks, frames.frame(units, frames.UNITS),
        responsibilities=frames.frame(
            [{"appraiser": who, "name": who, "code": part.code, "unit": "", "fallback": ""}
             for who in ("an", "binh") for part in
             {p.code: p for f in frameworks.values() for p in f.fields}.values()],
            frames.RESPONSIBILITIES,
        ),
        survey_counts=pd.concat(counts, ignore_index=True), survey_valid=pd.concat(valid, ignore_index=True),
        survey_present=True, **tables,
    )  # fmt: skip


def fill_leaf(rng: Random, leaf: Leaf, at: dict[str, str], rows: dict[str, list[dict[str, str]]]) -> None:
    """A claim, evidence and marks for one leaf; at least one mark that counts."""
    claim = rng.random() < 0.9
    if claim:
        wish = "không phát sinh" if rng.random() < 0.1 else ""
        given = {} if wish and rng.random() < 0.5 else random_inputs(rng, leaf)
        rows["claims"].append({**at, **given, "not_applicable": wish})
    if rng.random() < 0.6:
        kind = rng.choice(["evidence", "explanation"])
        name = {"file": "a.pdf", "sha256": "0" * 64, "size": "1"} if kind == "explanation" else {}
        rows["evidence"].append({**at, "kind": kind, "document_number": "@1", "issued_on": "2020-02-02", **name})
    rounds = rng.choice([("1",), ("2",), ("1", "2")])
    for place in rounds:
        mark = {**at, "round": place, "appraiser": "an"}
        choice = rng.random()
        if choice < 0.5 and claim:
            mark |= {"agree": "yes", "reason": rng.choice(["", "xác nhận"])}
        elif choice < 0.6:
            mark |= {"not_applicable": "yes", "reason": "không có chức năng"}
        else:
            mark |= {**random_inputs(rng, leaf), "reason": "khác số liệu"}
        rows["marks"].append(mark)
        if rng.random() < 0.1:
            rows["marks"].append({**mark, "appraiser": "binh", "reason": "như trên"})
    if rng.random() < 0.1:
        rows["marks"].append(
            {**at, "round": "2", "appraiser": "hội đồng", "correction": str(rng.randint(1, 3)),
             **random_inputs(rng, leaf), "reason": "đính chính"}
        )  # fmt: skip


def random_answers(rng: Random, framework: Framework, unit: str) -> pd.DataFrame:
    """Answers of a few people, some incomplete, some outside the options."""
    rows = []
    for leaf in framework.leaves:
        if isinstance(leaf.rule, Survey):
            for group in ("dan", "lanh_dao"):
                for person in range(rng.randint(0, 4)):
                    for question in leaf.rule.questions:
                        if rng.random() < 0.95:
                            rows.append((f"{group}{person}", group, unit, question, rng.choice("AABBCDX")))
    return pd.DataFrame(rows, columns=["respondent", "group", "unit", "question", "answer"], dtype="str")
