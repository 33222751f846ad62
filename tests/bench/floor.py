"""The floor: a bare pandas script that reads the same files and computes the same numbers in floats."""

import sys
from pathlib import Path

import pandas as pd
import yaml

folder, out = Path(sys.argv[1]), Path(sys.argv[2])
framework = yaml.load((folder / "frameworks/do/framework.yaml").read_text(), yaml.CSafeLoader)
rule = {leaf["code"]: leaf["rule"] for field in framework["fields"] for leaf in field["criteria"]}
units = pd.read_csv(folder / "units.csv")
parts = []
for unit in units["unit"]:
    part = pd.read_csv(folder / "inbox" / unit / "self_assessment.csv", dtype={"code": str})
    pd.read_csv(folder / "inbox" / unit / "evidence.csv", dtype={"code": str})
    part["unit"] = unit
    parts.append(part)
claims = pd.concat(parts)
marks = pd.read_csv(folder / "appraisal/a/marks.csv", dtype={"code": str})
both = marks.merge(claims, on=["unit", "code"], suffixes=("", "_own"))
agrees = both["agree"] == "yes"
for name in ("met", "numerator", "denominator", "count"):
    both[name] = both[name].where(~agrees, both[f"{name}_own"])
kind = both["code"].map(lambda code: rule[code]["kind"])
points = (both["met"] == "yes").astype(float)
points = points.where(kind != "ratio", (both["numerator"] / both["denominator"]).clip(upper=1))
points = points.where(kind != "deduction", (1 - 0.25 * both["count"]).clip(lower=0))
sums = points.round(5).groupby(both["unit"]).sum()
answers = pd.read_csv(folder / "survey/responses.csv")
percent = answers["answer"].map({"A": 100, "B": 60, "C": 20, "D": 0})
survey = (percent.groupby([answers["unit"], answers["question"]]).mean() / 100).round(5).groupby("unit").sum()
index = ((sums + survey) / len(rule) * 100).rename("index")
result = units.set_index("unit").join(index)
result["rank"] = result["index"].rank(ascending=False, method="min").astype(int)
result.sort_values(["rank", "unit"] if "unit" in result else "rank").to_csv(out)
