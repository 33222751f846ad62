"""Results handed to commendation: only by decision, only who meets it in the version named, no person's name published."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import small_cycle

DECISION = """\
decision: {number: 9/QĐ-UBND, issued_on: 2021-05-01, issuer: UBND tỉnh}
decided_by: Chủ tịch UBND tỉnh
version: 1
criteria:
  - {bloc: so, top: 1}
collectives:
  - {unit: alpha}
individuals:
  - {unit: alpha, name: Nguyễn Văn Mẫu, position: Giám đốc}
"""
CORRECTION = """\
decision: 7/QĐ-UBND
decided_by: Chủ tịch UBND tỉnh
reason: Tính lại
corrections:
  - {unit: alpha, kind: penalty, points: "9"}
"""


def at(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_commendation_is_recorded_listed_and_named_in_nothing_published(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    decision = at(tmp_path, "khen.yaml", DECISION)
    assert parindex("cycle", "open", folder) == 0
    assert parindex("commend", "nho-2020", decision) == 6  # nothing is published
    assert parindex("commend", "nho-2020", "--to", tmp_path / "khong") == 6
    assert parindex("run", folder) == 0, parindex.err
    assert parindex("commend", "nho-2020", at(tmp_path, "xau.yaml", DECISION.replace("alpha", "gamma"))) == 3
    assert "criterion-not-met" in parindex.err
    assert "so: hạng 1-1 / rank 1-1" in parindex.err  # what was asked, beside what gamma has
    assert parindex("commend", "nho-2020", decision) == 0, parindex.err
    assert parindex("commend", "nho-2020", decision) == 6  # once
    assert parindex("commend", "nho-2020") == 0
    assert "9/QĐ-UBND" in parindex.out
    to = tmp_path / "ban-giao"
    assert parindex("commend", "nho-2020", "--to", to) == 0, parindex.err
    rows = list(csv.DictReader(io.StringIO((to / "commendations.csv").read_text(encoding="utf-8"))))
    assert [(row["kind"], row["unit"], row["name"], row["rank"], row["meets_newest"]) for row in rows] == [
        ("collective", "alpha", "", "1", "yes"),
        ("individual", "alpha", "Nguyễn Văn Mẫu", "1", "yes"),
    ]
    assert parindex("history", "nho-2020", "--json") == 0
    (event,) = [one for one in json.loads(parindex.out)["events"] if one["action"] == "commended"]
    assert (event["content"]["unit"], event["content"]["after"]["individual"]) == ("alpha", 1)
    assert parindex("audit", "verify", "nho-2020") == 0

    assert parindex("correct", "nho-2020", at(tmp_path, "sua.yaml", CORRECTION)) == 0, parindex.err
    assert parindex("publish", "nho-2020") == 0, parindex.err
    found = parindex.exported("nho-2020", "--annex")
    assert not [path for path, data in found.items() if "Văn Mẫu".encode() in data]
    assert parindex("commend", "nho-2020", at(tmp_path, "muon.yaml", DECISION.replace("9/QĐ", "10/QĐ"))) == 6
    assert parindex("commend", "nho-2020", "--to", tmp_path / "lai") == 0
    again = (tmp_path / "lai" / "commendations.csv").read_text(encoding="utf-8")
    assert [row["meets_newest"] for row in csv.DictReader(io.StringIO(again))] == ["no", "no"]  # alpha fell


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("{unit: alpha}", "{unit: khong-co}", "unit-not-in-version"),
        ("bloc: so", "bloc: la", "bloc-unknown"),
        ("top: 1", "top: 0", "yaml-wrong-type"),
        ("top: 1", "top: 1, class: Tốt", "yaml-wrong-type"),
        ("top: 1", "index_at_least: 80", "yaml-unquoted"),
        ("name: Nguyễn Văn Mẫu, ", "", "yaml-missing-key"),
        ("issued_on: 2021-05-01", "issued_on: 31/02/2021", "date-unreadable"),
        ("collectives:\n", "collectives:\n  - {unit: alpha}\n", "row-duplicate"),
        ("decided_by", "decided", "yaml-unknown-key"),
    ],
)
def test_a_faulty_decision_is_refused(old: str, new: str, check: str) -> None:
    from checks.commendations import check_commended, read_commendation

    commended, faults = read_commendation(DECISION.replace(old, new, 1), "khen.yaml")
    if commended is not None:
        result = {"bloc": "so", "rank": "1", "index": "79.58", "classification": "Khá"}
        faults = check_commended(commended, {"alpha": result}, ["so"], "khen.yaml")
    assert check in {fault.check for fault in faults}


def test_classes_and_a_least_index_are_criteria_too() -> None:
    from models.rules.commendation import Criterion

    result = {"bloc": "so", "rank": "", "index": "80.00", "classification": "Tốt"}
    assert Criterion("so", classification="Tốt").met_by(result)
    assert Criterion("so", index_at_least="80").met_by(result)
    assert not Criterion("so", index_at_least="80.01").met_by(result)
    assert not Criterion("so", top=100).met_by(result)  # without a rank nobody is among the top
    assert not Criterion("huyen", classification="Tốt").met_by(result)
