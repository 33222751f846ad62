"""The floor: a bare pandas script that reads the same files and computes the same numbers, in floats.

What an analyst who knows pandas well would write for this very framework: no check, no record, one answer.
    python floor.py FOLDER RESULTS.csv
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

ONE = 1e5  # leaves are rounded to five decimals
TEXTS = {"code": str, "met": str, "option": str, "agree": str}
INPUTS = ["met", "option", "numerator", "denominator", "count", "points"]
FORM = {"Mã": "code", "Đạt": "met", "Lựa chọn": "option", "Tử số": "numerator", "Mẫu số": "denominator", "Số lượng": "count", "Điểm": "points"}  # fmt: skip


def read_form(place):
    """One unit's claims and evidence rows."""
    if (place / "self_assessment.csv").exists():
        claims = pd.read_csv(place / "self_assessment.csv", usecols=["code", *INPUTS], dtype=TEXTS)
        return claims, pd.read_csv(place / "evidence.csv", usecols=["code", "file"], dtype=str)
    sheets = pd.read_excel(place / "self_assessment.xlsx", sheet_name=None, dtype=str, engine="calamine")
    claims, evidence = sheets["1. Chấm điểm"].rename(columns=FORM), sheets["Tài liệu kiểm chứng"]
    claims["met"] = claims["met"].replace({"có": "yes", "không": "no"})
    claims[INPUTS[2:]] = claims[INPUTS[2:]].astype(float)
    return claims[["code", *INPUTS]], evidence.rename(columns={"Mã": "code", "Tệp": "file"})[["code", "file"]]


def is_a_pdf(path):
    return path.read_bytes().startswith(b"%PDF-")


def points_of(rows, rules):
    """Leaf points, one rule kind at a time, rounded half-up."""
    kind = rows["code"].map({code: rule["kind"] for code, rule in rules.items()}).to_numpy()
    ratio = (rows["numerator"] / rows["denominator"]).to_numpy()
    tiers = next((rule["tiers"] for rule in rules.values() if rule["kind"] == "tiers"), [])
    reached = np.zeros(len(rows))
    for tier in tiers:
        # a ratio of exactly 80 % must not fall below 80: multiply, do not divide
        reached = np.where(
            100 * rows["numerator"] >= float(tier["at_least"]) * rows["denominator"], float(tier["points"]), reached
        )
    options = {
        one["value"]: float(one["points"])
        for rule in rules.values()
        for one in rule.get("options", [])
        if rule["kind"] == "choice"
    }
    points = np.select(
        [kind == "pass_fail", kind == "ratio", kind == "deduction", kind == "tiers", kind == "choice"],
        [
            (rows["met"] == "yes").to_numpy(float),
            np.minimum(ratio, 1),
            np.maximum(1 - 0.25 * rows["count"].to_numpy(), 0),
            reached,
            rows["option"].map(options).to_numpy(float),
        ],
        rows["points"].to_numpy(float),
    )
    return np.floor(points * ONE + 0.5) / ONE


def survey_points(path, rules):
    """By unit: survey points and how many survey leaves apply; all these leaves have one scale and one weighting."""
    answers = pd.read_csv(
        path, dtype={name: "category" for name in ("respondent", "group", "unit", "question", "answer")}
    )
    rule = next(rule for rule in rules.values() if rule["kind"] == "survey")
    percent = answers["answer"].map({key: float(value) for key, value in rule["options"].items()}).astype(float)
    twice = answers.duplicated(["unit", "question", "respondent"], keep=False)
    means = (
        percent[~twice]
        .groupby([answers["unit"], answers["question"], answers["group"]], observed=True)
        .mean()
        .unstack("group")
    )
    weights = {group: float(weight) for group, weight in rule["group_weights"].items()}
    shares = sum(means[group] * weight for group, weight in weights.items()) / sum(weights.values()) / 100
    points = (np.floor(shares * ONE + 0.5) / ONE).groupby("unit", observed=True)
    return points.sum(), points.count()


def main(folder, out):
    framework = yaml.load((folder / "frameworks/do/framework.yaml").read_text(), yaml.CSafeLoader)
    rules = {leaf["code"]: leaf["rule"] for field in framework["fields"] for leaf in field["criteria"]}
    units = pd.read_csv(folder / "units.csv", index_col="unit")
    forms = {unit: read_form(folder / "inbox" / unit) for unit in units.index}
    claims = pd.concat({unit: form[0] for unit, form in forms.items()}, names=["unit"]).reset_index("unit")
    evidence = (
        pd.concat({unit: form[1] for unit, form in forms.items()}, names=["unit"])
        .reset_index("unit")
        .dropna(subset="file")
    )
    assert all(
        is_a_pdf(folder / "inbox" / unit / "evidence" / name)
        for unit, name in zip(evidence["unit"], evidence["file"], strict=True)
    )
    marks = pd.read_csv(folder / "appraisal/a/marks.csv", usecols=["unit", "code", "agree", *INPUTS], dtype=TEXTS)
    rows = marks.merge(claims, on=["unit", "code"], suffixes=("", "_own"), validate="one_to_one")
    agrees = rows["agree"] == "yes"
    for name in INPUTS:
        rows[name] = rows[name].where(~agrees, rows[f"{name}_own"])
    appraised = pd.Series(points_of(rows, rules), rows["unit"]).groupby(level=0)
    surveyed, answered = survey_points(folder / "survey/responses.csv", rules)
    result = units.assign(points=appraised.sum() + surveyed, maximum=appraised.count() + answered)
    result["index"] = result["points"] / result["maximum"] * 100
    result["rank"] = result["index"].rank(ascending=False, method="min").astype(int)
    result.sort_values(["rank", "unit"]).to_csv(out)


main(Path(sys.argv[1]), Path(sys.argv[2]))
