"""What an outside tester of the contract found: each would have passed unseen, or been refused without a way on."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import small_cycle

from models.storage.inbox import MOST_FORM_BYTES

DECISION = 'decision: "12/QĐ-HĐ"\ndecided_by: Hội đồng\nreason: Khiếu nại có cơ sở\ncorrections:\n'


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def found(parindex, cycle: str = "nho-2020") -> list[tuple[str, str, str]]:  # type: ignore[no-untyped-def]
    """(unit, check, location) of the findings kept beside the installation."""
    told = rows((parindex.home / f"cycles/{cycle}/findings.csv").read_bytes())
    return [(row["unit"], row["check"], row["location"]) for row in told]


def test_a_correction_outranks_a_second_mark_and_an_earlier_correction(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["appraisal/tu-phap/marks.csv"] += "alpha,1.2,2,,2,Sau giải trình,\n"  # type: ignore[operator]
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 0, parindex.err
    decision = tmp_path / "correction.yaml"
    for version, points in ((2, "2.75"), (3, "1.5")):
        decision.write_text(DECISION + f'  - {{unit: alpha, code: "1.2", round: 2, points: "{points}"}}\n')
        assert parindex("correct", "nho-2020", decision) == 0, parindex.err
        assert parindex("publish", "nho-2020") == 0, parindex.err
        files = parindex.exported("nho-2020", "--version", version)
        [leaf] = [one for one in rows(files["scores.csv"]) if (one["unit"], one["code"]) == ("alpha", "1.2")]
        assert (leaf["first_mark"], float(leaf["second_mark"]), float(leaf["final"])) == (
            "2.25000",
            float(points),
            float(points),
        )
    assert parindex("export", "nho-2020", "--to", tmp_path / "out") == 0
    assert parindex("verify", tmp_path / "out") == 0


def test_marks_that_come_after_a_lock_end_the_step_with_6_and_change_nothing(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "appraise") == 0, parindex.err
    assert parindex("lock", "nho-2020", "appraisal_1") == 0
    assert parindex("appraise", "nho-2020") == 0  # nothing came since
    marks = folder / "appraisal/tu-phap/marks.csv"
    marks.write_text(marks.read_text().replace("alpha,1.2,1,,2.25", "alpha,1.2,1,,1"))
    assert parindex("appraise", "nho-2020") == 6
    assert ("", "stage-locked", "appraisal/tu-phap") in found(parindex)
    assert parindex("run", "nho-2020") == 0, parindex.err
    [leaf] = [
        one
        for one in rows(parindex.exported("nho-2020")["scores.csv"])
        if (one["unit"], one["code"]) == ("alpha", "1.2")
    ]
    assert leaf["final"] == "2.25000"


def test_no_stage_is_locked_once_the_cycle_is_published(installation, tmp_path: Path) -> None:
    parindex = installation()
    assert parindex("run", small_cycle.write(tmp_path / "c", small_cycle.files())) == 0
    assert parindex("lock", "nho-2020", "explanation") == 6
    assert "đã công bố" in parindex.err


def test_a_row_with_nothing_but_a_wrong_code_is_told(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    form, marks = "inbox/{}/self_assessment.csv".format, "appraisal/noi-vu/marks.csv"
    made[form("alpha")] += "9.9,,,,,,\n1,,,,,,\n"  # type: ignore[operator]  # 1 is a field's heading
    made[form("beta")] += "1.2,,,,,,\n"  # type: ignore[operator]
    made[marks] += "zeta,1.1.1,1,,,,\nalpha,9.9,1,,,,\ngamma,1.1.1,2,,,,\n"  # type: ignore[operator]
    assert parindex("run", small_cycle.write(tmp_path / "c", made), "--until", "appraise") == 3
    told = found(parindex)
    assert ("alpha", "code-unknown", f"{form('alpha')}:6") in told
    assert ("beta", "row-duplicate", f"{form('beta')}:6") in told
    assert ("zeta", "mark-row-of-nothing", f"{marks}:11") in told
    assert ("alpha", "mark-row-of-nothing", f"{marks}:12") in told
    assert not [one for one in told if one[2] in (f"{form('alpha')}:7", f"{marks}:13")]
    assert parindex("status", "nho-2020") == 0


def test_of_two_files_with_one_name_neither_is_taken(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    name = "báo cáo.pdf"
    for form, title in (("NFC", "một"), ("NFD", "hai")):
        made[f"inbox/alpha/evidence/{unicodedata.normalize(form, name)}"] = small_cycle.pdf(title)  # type: ignore[arg-type]
    made["inbox/alpha/evidence.csv"] = made["inbox/alpha/evidence.csv"].replace("Kế hoạch,,", f"Kế hoạch,{name},")  # type: ignore[union-attr,arg-type,call-overload]
    assert parindex("run", small_cycle.write(tmp_path / "c", made), "--until", "collect") == 3
    assert ("alpha", "path-duplicate", "inbox/alpha/evidence.csv:2") in found(parindex)


def test_warnings_about_the_registration_are_published(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["units.csv"] = "unit,name,bloc,valid_to,ghi_chu\n" + "".join(
        f"{unit},Sở {unit},so,{'2019-06-30' if unit == 'beta' else ''},\n" for unit in small_cycle.UNITS
    )
    assert parindex("run", small_cycle.write(tmp_path / "c", made)) == 0
    told = {(one["unit"], one["check"], one["severity"]) for one in rows(parindex.exported("nho-2020")["findings.csv"])}
    assert {("beta", "unit-outside-dates", "warn"), ("", "column-unknown", "warn")} <= told


def test_a_rerun_that_nobody_can_confirm_says_so(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0
    form = folder / "inbox/alpha/self_assessment.csv"
    form.write_text(form.read_text().replace("2.5", "2"))
    assert parindex("rerun", "nho-2020") == 2
    assert "--yes" in parindex.err
    assert parindex("rerun", "nho-2020", "--reason", "x") == 2
    assert parindex("rerun", "nho-2020", "--yes") in (0, 3)


def test_one_units_rerun_publishes_nothing_that_was_never_published(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    answers = (folder / "survey/responses.csv").read_text()
    (folder / "survey/responses.csv").unlink()
    assert parindex("run", folder) == 0, parindex.err
    assert "publish:" in parindex.out  # it waits for the survey
    (folder / "survey/responses.csv").write_text(answers)
    assert parindex("survey", "nho-2020") == 0, parindex.err
    form = folder / "inbox/alpha/self_assessment.csv"
    form.write_text(form.read_text().replace("2.5", "1.5"))
    assert parindex("rerun", "nho-2020", "--unit", "alpha", "--yes", "--reason", "sửa biểu") == 0, parindex.err
    assert "appraise: appraised 3" in parindex.out
    assert "publish:" not in parindex.out
    assert parindex("publish", "nho-2020") == 0
    assert "version 1, new 1" in parindex.out


def test_a_folder_named_as_a_form_is_no_form(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    del made["inbox/alpha/self_assessment.csv"], made["appraisal/tu-phap/marks.csv"]
    folder = small_cycle.write(tmp_path / "c", made)
    (folder / "inbox/alpha/self_assessment.csv").mkdir()
    (folder / "appraisal/tu-phap/marks.csv").mkdir(parents=True)
    assert parindex("run", folder, "--until", "appraise") == 3
    told = found(parindex)
    assert ("alpha", "path-not-a-file", "inbox/alpha/self_assessment.csv") in told
    assert ("", "path-not-a-file", "appraisal/tu-phap/marks.csv") in told


def test_answers_that_are_refused_are_not_said_to_be_missing(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["survey/responses.csv"] += "x,nhom-la,alpha,q1,A\n"  # type: ignore[operator]
    assert parindex("run", small_cycle.write(tmp_path / "c", made)) == 3
    checks = {check for _, check, _ in found(parindex)}
    assert "shared-file-refused" in checks
    assert "survey-responses-missing" not in checks


def test_last_years_result_under_a_code_of_nobody_is_told(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["units.csv"] = "unit,name,bloc,predecessors\nalpha,A,so,\nbeta,B,so,\ngamma,G,so,cu-1;cu-2\n"
    made["previous/results.csv"] = "unit,index,rank\nalfa,71.5,1\nbeta,72.5,2\ncu-1,73.5,3\ncu-2,74.5,4\n"
    assert parindex("run", small_cycle.write(tmp_path / "c", made)) == 0, parindex.err
    told = rows((parindex.home / "cycles/nho-2020/findings.csv").read_bytes())
    assert [row["found"] for row in told if row["check"] == "previous-of-nobody"] == ["alfa"]


def test_one_appraisers_marks_may_be_as_long_as_the_cycle_needs(installation, tmp_path: Path) -> None:
    """What a unit sends is at most 20 MiB; one department's marks of 10,000 units are more."""
    units = tuple(f"u{number}" for number in range(150))
    parindex, made = installation(), small_cycle.files(units)
    marks = str(made["appraisal/tu-phap/marks.csv"])
    made["appraisal/tu-phap/marks.csv"] = marks.replace("Chưa nhân rộng", "Chưa nhân rộng. " * 8_000)
    folder = small_cycle.write(tmp_path / "c", made)
    assert (folder / "appraisal/tu-phap/marks.csv").stat().st_size > MOST_FORM_BYTES
    assert parindex("run", folder, "--until", "appraise") == 0, parindex.err
    assert "appraise: appraised 150" in parindex.out
