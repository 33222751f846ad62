"""Checks survey responses and the sample sheet; a respondent's row never leaves this step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from checks.columns import Column, each, read_batch
from models.rules.cells import read_key
from models.rules.findings import Fault
from models.rules.framework import Framework, Survey
from models.rules.numbers import read_count
from models.storage.spreadsheets import Table

UNIT = Column("unit", read_key, required=True, filled=True)
RESPONSES = (
    Column("respondent", required=True, filled=True),
    Column("group", required=True, filled=True),
    UNIT,
    Column("question", required=True, filled=True),
    Column("answer", required=True),
)
SAMPLE = (
    UNIT,
    Column("group", required=True, filled=True),
    Column("sent", read_count, True, True),
    Column("returned", read_count, True, True),
)


def read_responses(
    table: Table, frameworks: Mapping[str, Framework], not_scored: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """responses.csv: respondent, group, unit, question, answer, location.

    Unknown units, questions and groups are refused; an answer outside the options makes that respondent
    invalid for that leaf alone and is told once per unit and question (info).
    """
    batch, faults = read_batch([("", table)], RESPONSES, party="file")
    known = batch["unit"].isin([*frameworks, *not_scored]).to_numpy()
    named = (batch["unit"] != "").to_numpy()
    faults += each(batch[~known & named], "unit-unknown", batch.loc[~known & named, "unit"].tolist())
    batch = batch[batch["unit"].isin(list(frameworks)).to_numpy()]
    for framework in {id(one): one for one in frameworks.values()}.values():
        mine = [unit for unit, one in frameworks.items() if one is framework]
        faults += _check_against(framework, batch[batch["unit"].isin(mine).to_numpy()])
    return batch.reset_index(drop=True), faults


def _check_against(framework: Framework, rows: pd.DataFrame) -> list[Fault]:
    rules = [leaf.rule for leaf in framework.leaves if isinstance(leaf.rule, Survey)]
    questions = {question for rule in rules for question in rule.questions}
    groups = {group for rule in rules for group in rule.group_weights}
    strange = ~rows["question"].isin(questions).to_numpy() & (rows["question"] != "").to_numpy()
    faults = each(
        rows[strange],
        "question-unknown",
        rows.loc[strange, "question"].tolist(),
        ", ".join(sorted(questions)),
    )
    other = ~rows["group"].isin(groups).to_numpy() & (rows["group"] != "").to_numpy()
    faults += each(rows[other], "group-unknown", rows.loc[other, "group"].tolist(), ", ".join(sorted(groups)))
    for question in sorted(questions):
        allowed = {option for rule in rules if question in rule.questions for option in rule.options}
        odd = rows[((rows["question"] == question) & ~rows["answer"].isin(allowed)).to_numpy()]
        for unit, line in odd.groupby("unit", sort=True):
            faults.append(
                Fault(
                    "answer-not-an-option", str(unit), "", line["location"].iloc[0],
                    f"{question}: {len(line)} × {sorted(set(line['answer']))[:5]}", " | ".join(sorted(allowed)),
                )
            )  # fmt: skip
    return faults


def read_sample(
    table: Table, frameworks: Mapping[str, Framework], not_scored: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """sample.csv: unit, group, sent, returned, location."""
    batch, faults = read_batch([("", table)], SAMPLE, party="file")
    known = batch["unit"].isin([*frameworks, *not_scored]).to_numpy()
    named = (batch["unit"] != "").to_numpy()
    faults += each(batch[~known & named], "unit-unknown", batch.loc[~known & named, "unit"].tolist())
    batch = batch[batch["unit"].isin(list(frameworks)).to_numpy()].reset_index(drop=True)
    twice = batch[batch.duplicated(["unit", "group"], keep="first").to_numpy()]
    faults += each(twice, "row-duplicate", (twice["unit"] + " " + twice["group"]).tolist())
    sent, returned = (np.array([int(text or 0) for text in batch[name]]) for name in ("sent", "returned"))
    more = batch[returned > sent]
    faults += each(more, "returned-above-sent", (more["returned"] + " > " + more["sent"]).tolist())
    return batch, faults


def check_returned(sample: pd.DataFrame, valid: pd.DataFrame) -> list[Fault]:
    """More valid respondents than forms returned. sample: as read; valid: frame SURVEY_VALID."""
    most = valid.assign(number=valid["valid"].astype(int)).groupby(["unit", "group"])["number"].max()
    faults = []
    for row in sample.to_dict("records"):
        number = int(most.get((row["unit"], row["group"]), 0))
        if row["returned"] and number > int(row["returned"]):
            faults.append(Fault("valid-above-returned", row["unit"], "", row["location"], str(number), row["returned"]))
    return faults


def shortfalls(framework: Framework, units: list[str], valid: pd.DataFrame) -> list[Fault]:
    """Groups with fewer valid respondents than a leaf needs (info)."""
    numbers = {(row["unit"], row["code"], row["group"]): int(row["valid"]) for row in valid.to_dict("records")}
    return [
        Fault("survey-shortfall", unit, leaf.code, "survey/responses.csv", f"{group}: {number}", str(least))
        for leaf in framework.leaves
        if isinstance(leaf.rule, Survey)
        for unit in units
        for group in leaf.rule.group_weights
        if (number := numbers.get((unit, leaf.code, group), 0)) < (least := leaf.rule.least_valid(group))
    ]
