"""The yearly cycle from forms to publication, as a secretariat would drive it."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import small_cycle

FIGURES = ("results.csv", "scores.csv", "findings.csv")


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def same_for_everyone(files: dict[str, bytes]) -> dict[str, bytes]:
    """What must not depend on when or where: everything but the audit log and the manifest."""
    return {path: data for path, data in files.items() if path.split("/")[-1] not in
            ("audit.jsonl", "manifest.json", "manifest.sha256", "manifest.sig", "audit_contents.jsonl")}  # fmt: skip


def test_a_complete_cycle_is_published_and_verifies_offline(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder) == 0, parindex.err
    assert parindex("export", "nho-2020", "--to", tmp_path / "out") == 0
    done = subprocess.run([sys.executable, str(tmp_path / "out" / "verify.py")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    table = rows((tmp_path / "out" / "results.csv").read_bytes())
    # alpha by hand: 1 + 2*9/10 + 2 + 2.25 = 7.05; survey 8 * (2/3*60 + 1/3*100)/100 = 5.86667; statistics 3
    assert (table[0]["unit"], table[0]["points"], table[0]["index"], table[0]["rank"]) == (
        "alpha",
        "15.91667",
        "79.58",
        "1",
    )
    assert parindex("run", folder) == 0
    assert "new 0" in parindex.out  # the same inputs are never published twice
    assert parindex("publish", "nho-2020") == 0
    assert parindex("audit", "verify", "nho-2020") == 0
    for command in (("status", "nho-2020"), ("history", "nho-2020"), ("explain", "nho-2020", "alpha"),
                    ("explain", "nho-2020", "alpha", "1.1.2"), ("cycle", "list")):  # fmt: skip
        assert parindex(*command) == 0, parindex.err
    assert parindex("history", "nho-2020", "--json") == 0
    assert {run["step"] for run in json.loads(parindex.out)["runs"]} == {
        "collect",
        "validate",
        "appraise",
        "survey",
        "publish",
    }


def test_one_broken_form_is_returned_and_the_others_go_on(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    good = made["inbox/beta/self_assessment.csv"]
    made["inbox/beta/self_assessment.csv"] = (
        good.replace("8,10", "8.000,10").replace("1.2,", "9.9,").encode() + b"1.1.1,yes,,,,,\n1.1.2,maybe,,,,,\n"
    )
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 3
    assert "number-unreadable" not in parindex.err  # 8.000 is eight: a plain number
    for check in ("code-unknown", "flag-unreadable", "row-duplicate"):
        assert check in parindex.err
    assert "inbox/beta/self_assessment.csv:7" in parindex.err
    assert parindex("publish", "nho-2020") == 3
    assert "unit-refused" in parindex.err
    (folder / "inbox/beta/self_assessment.csv").write_text(good)
    assert parindex("run", folder) == 0, parindex.err
    told = rows(parindex.exported("nho-2020")["findings.csv"])
    assert not [row for row in told if row["severity"] == "refuse"]  # earlier ones are in the audit log alone


def test_the_same_inputs_give_the_same_bytes_in_any_order_of_arrival(installation, tmp_path: Path) -> None:
    made = small_cycle.files()
    at_once, piecewise = installation("a"), installation("b")
    assert at_once("run", small_cycle.write(tmp_path / "c1", made)) == 0
    folder = small_cycle.write(
        tmp_path / "c2", {path: text for path, text in made.items() if path.count("/") == 0 or "frameworks" in path}
    )
    later = [path for path in made if not (folder / path).exists()]
    for group in ("appraisal", "survey", "inbox/gamma", "previous", "inbox/alpha", "inbox/beta"):
        small_cycle.write(folder, {path: made[path] for path in later if path.startswith(group)})
        assert piecewise("run", folder) in (0, 3)
    first, second = (one.exported("nho-2020", "--annex") for one in (at_once, piecewise))
    assert same_for_everyone(first) == same_for_everyone(second)


def test_postgresql_and_s3_give_the_same_publication(
    installation, tmp_path: Path, postgres_server, s3_server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = small_cycle.files()
    local = installation("local")
    assert local("run", small_cycle.write(tmp_path / "c", made)) == 0
    expected = same_for_everyone(local.exported("nho-2020", "--annex"))
    bucket = s3_server.bucket()
    for path, text in made.items():
        s3_server.client().put_object(
            Bucket=bucket, Key=f"kỳ/{path}", Body=text if isinstance(text, bytes) else text.encode()
        )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3_server.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3_server.secret_key)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    remote = installation(
        "remote", PARINDEX_DATABASE_URL=postgres_server(), PARINDEX_STORE_URL=f"s3://{bucket}/vault",
        PARINDEX_S3_ENDPOINT_URL=s3_server.endpoint_url,
    )  # fmt: skip
    assert remote("run", f"s3://{bucket}/kỳ") == 0, remote.err
    assert remote("audit", "verify") == 0
    assert same_for_everyone(remote.exported("nho-2020", "--annex")) == expected


def test_a_file_that_must_not_be_read_refuses_its_unit_alone(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    form, marks = made.pop("inbox/beta/self_assessment.csv"), made.pop("appraisal/tu-phap/marks.csv")
    folder = small_cycle.write(tmp_path / "c", made | {"../elsewhere.csv": form, "../marks.csv": marks})
    (folder / "inbox/beta/self_assessment.csv").symlink_to(tmp_path / "elsewhere.csv")
    (folder / "appraisal/tu-phap").mkdir()
    (folder / "appraisal/tu-phap/marks.csv").symlink_to(tmp_path / "marks.csv")
    (folder / "statistics.csv").rename(folder / "statistics.there")
    (folder / "statistics.csv").symlink_to(tmp_path)
    assert parindex("run", folder) == 3
    for place in ("inbox/beta/self_assessment.csv", "appraisal/tu-phap/marks.csv", "statistics.csv"):
        assert place in parindex.err
    parindex("status", "nho-2020")
    assert "returned" in parindex.out
    for path, content in (("inbox/beta/self_assessment.csv", form), ("appraisal/tu-phap/marks.csv", marks)):
        (folder / path).unlink()
        small_cycle.write(folder, {path: content})
    (folder / "statistics.csv").unlink()
    (folder / "statistics.there").rename(folder / "statistics.csv")
    assert parindex("run", folder) == 0, parindex.err


def test_an_unpublished_unit_stands_in_the_annex_alone(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["units.csv"] = (
        "unit,name,bloc,published,predecessors\nalpha,Sở Alpha,so,,\nbeta,Ban Kín Đáo,so,no,\ngamma,Sở Gamma,so,,beta;cu\n"
    )
    made["appraisers.csv"] += "beta,Ban Kín Đáo,1.1.1,beta,\n"
    made["appraisers.csv"] = made["appraisers.csv"].replace("noi-vu,Sở Nội vụ,1,,", "noi-vu,Sở Nội vụ,1;1.1.1,,")
    told = "so với Ban Kín Đáo (beta)"  # in what people write in their own words, too
    made["appraisal/tu-phap/marks.csv"] = str(made["appraisal/tu-phap/marks.csv"]).replace("Chưa nhân rộng", told)
    made["adjustments.csv"] = small_cycle.table(
        "unit,kind,points,reason,decided_by",
        ("alpha", "bonus", "0.5", told, "beta"),
        ("gamma", "bonus", "0.5", "beta-2", "x"),
    )
    assert parindex("run", small_cycle.write(tmp_path / "c", made)) == 0, parindex.err
    public = parindex.exported("nho-2020")
    assert rows(public["inputs/adjustments.csv"])[1]["reason"] == "beta-2"  # another's code that begins alike
    public["inputs/adjustments.csv"] = public["inputs/adjustments.csv"].replace(b"beta-2", b"")
    for path, data in public.items():
        if path != "verify.py":
            assert b"beta" not in data, path
            assert "Ban Kín Đáo".encode() not in data, path
    assert [row["rank"] for row in rows(public["results.csv"])] == ["1", "2"]
    for options in ((), ("--annex",)):
        to = tmp_path / f"out{len(options)}"
        assert parindex("export", "nho-2020", "--to", to, *options) == 0
        assert parindex("verify", to) == 0
    assert [row["unit"] for row in rows((to / "annex/results.csv").read_bytes())] == ["beta"]


def test_a_missing_mark_stops_publication_and_is_listed(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["appraisal/noi-vu/marks.csv"] = made["appraisal/noi-vu/marks.csv"].replace("beta,1.1.2,1,yes,,,\n", "")
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 0  # it waits on people
    assert "beta 1.1.2: mark-missing" in parindex.out
    assert parindex("publish", "nho-2020") == 3
    assert parindex("export", "nho-2020", "--to", tmp_path / "x") == 6


def test_marks_that_disagree_stop_the_leaf(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["appraisers.csv"] += "hai,Người thứ hai,1.2,,\n"
    made["appraisal/hai/marks.csv"] = small_cycle.table(
        "unit,code,round,points,reason", ("alpha", "1.2", 1, "2", "khác")
    )
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 3
    assert "marks-disagree" in parindex.err
    made["appraisal/hai/marks.csv"] = small_cycle.table(
        "unit,code,round,points,reason", ("alpha", "1.2", 1, "2.25", "khác")
    )
    small_cycle.write(folder, made)
    assert parindex("run", folder) == 0
    score = [
        row
        for row in rows(parindex.exported("nho-2020")["scores.csv"])
        if (row["unit"], row["code"]) == ("alpha", "1.2")
    ]
    assert score[0]["reason"] == "Chưa nhân rộng; khác"


def test_wrong_marks_refuse_that_appraisers_file_and_all_are_told_at_once(installation, tmp_path: Path) -> None:
    wrong = {
        "mark-by-wrong-person": ("alpha", "1.2", 1, "", "2.5", ""),
        "code-not-appraised": ("alpha", "2.2", 1, "", "2", "x"),
        "unit-unknown": ("delta", "1.1.1", 1, "yes", "", ""),
        "mark-duplicate": ("alpha", "1.1.1", 1, "yes", "", ""),
        "mark-not-one-statement": ("beta", "1.1.1", 2, "yes", "1", "x"),
        "cell-unreadable": ("gamma", "1.1.1", 3, "yes", "", ""),
        "code-unknown": ("gamma", "7.7", 1, "yes", "", ""),
    }
    parindex, made = installation(), small_cycle.files()
    marks = made["appraisal/noi-vu/marks.csv"].replace("reason,explanation_required", "reason").replace(",,,\n", ",,\n")
    made["appraisal/noi-vu/marks.csv"] = marks + small_cycle.table("h,h,h,h,h,h", *wrong.values()).split("\n", 1)[1]
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "appraise") == 3
    first = len(marks.splitlines()) + 1
    for line, check in enumerate(wrong, start=first):
        assert f"{check} · " in parindex.err
        assert f"appraisal/noi-vu/marks.csv:{line}\n" in parindex.err, check


def test_nobody_marks_their_own_unit_and_the_fallback_steps_in(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["appraisers.csv"] = small_cycle.table(
        "appraiser,name,codes,unit,fallback",
        ("noi-vu", "Sở Alpha", "1", "alpha", ""), ("tu-phap", "Sở Tư pháp", "1.2", "", ""), ("giup-viec", "Tổ giúp việc", "1", "", "yes"),
    )  # fmt: skip
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 3
    assert "mark-by-wrong-person" in parindex.err
    own = [line for line in made["appraisal/noi-vu/marks.csv"].splitlines() if line.startswith("alpha")]
    made["appraisal/noi-vu/marks.csv"] = (
        "\n".join(line for line in made["appraisal/noi-vu/marks.csv"].splitlines() if line not in own) + "\n"
    )
    made["appraisal/giup-viec/marks.csv"] = (
        "\n".join(["unit,code,round,agree,points,reason,explanation_required", *own]) + "\n"
    )
    small_cycle.write(folder, made)
    assert parindex("run", folder) == 0, parindex.err


def test_a_locked_stage_takes_nothing_more(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    late = {path: text for path, text in made.items() if path.startswith("inbox/gamma")}
    folder = small_cycle.write(tmp_path / "c", {path: text for path, text in made.items() if path not in late})
    assert parindex("run", folder) == 0
    assert parindex("lock", "nho-2020", "self_assessment") == 0
    assert parindex("lock", "nho-2020", "self_assessment") == 6
    assert parindex("lock", "nho-2020", "lunch") == 2
    small_cycle.write(folder, late)
    assert parindex("collect", "nho-2020") == 6
    assert "not taken" in parindex.out
    assert parindex("publish", "nho-2020") == 3
    assert "unit-never-came" in parindex.err
    assert "stage-locked" in (parindex.home / "cycles/nho-2020/findings.csv").read_text()


def test_what_changes_after_the_councils_approval_says_why(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0
    numbers = str(made["statistics.csv"])
    for lock, reason, value in (("", "", "3.5"), ("appraisal_2", "", "3.6"), ("", "Cục Thống kê đính chính", "3.7")):
        if lock:
            assert parindex("lock", "nho-2020", lock) == 0
        small_cycle.write(folder, {"statistics.csv": numbers.replace("2.2,3.0", f"2.2,{value}")})
        assert parindex("survey", "nho-2020", "--reason", reason) == 0, parindex.err
    assert parindex("history", "nho-2020", "--json") == 0
    events = [event["content"] for event in json.loads(parindex.out)["events"]]
    told = [event["reason"] for event in events if event["object"] == "statistics"]
    assert told == ["", "", "không nêu lý do / no reason was given", "Cục Thống kê đính chính"]


def test_a_published_cycle_takes_nothing_more_but_a_decided_correction(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 0
    first = parindex.exported("nho-2020")
    changed = made["inbox/alpha/self_assessment.csv"].replace("9,10", "10,10")
    (folder / "inbox/alpha/self_assessment.csv").write_text(changed)
    assert parindex("collect", "nho-2020") == 6
    (folder / "inbox/alpha/self_assessment.csv").write_text(made["inbox/alpha/self_assessment.csv"])
    decision = tmp_path / "correction.yaml"
    decision.write_text(
        'decision: "12/QĐ-HĐ"\ndecided_by: Hội đồng\nreason: Khiếu nại có cơ sở\ncorrections:\n'
        '  - {unit: beta, code: "1.1.2", round: 2, numerator: "10", denominator: "10"}\n'
        '  - {unit: gamma, kind: bonus, points: "0.5"}\n  - {unit: alpha, code: "1.2", exempt: yes}\n'
    )
    assert parindex("correct", "nho-2020", decision) == 0, parindex.err
    folder.rename(tmp_path / "put away")  # whatever was in it stands in the vault
    assert parindex("publish", "nho-2020") == 0, parindex.err
    second = parindex.exported("nho-2020")
    assert {path: data for path, data in parindex.exported("nho-2020", "--version", 1).items()} == first
    before, after = ({row["unit"]: row for row in rows(files["results.csv"])} for files in (first, second))
    assert (before["beta"]["appraised_points"], after["beta"]["appraised_points"]) == ("6.35000", "6.75000")
    assert (before["gamma"]["bonus"], after["gamma"]["bonus"]) == ("0.00000", "0.50000")
    assert (before["alpha"]["maximum"], after["alpha"]["maximum"]) == ("20.00000", "17.00000")
    assert "changes.csv" not in first
    changed_cells = {
        (row["table"], row["unit"], row["code"], row["column"]): (row["before"], row["after"])
        for row in rows(second["changes.csv"])
    }
    assert changed_cells["results", "beta", "", "appraised_points"] == ("6.35000", "6.75000")
    assert changed_cells["scores", "beta", "1.1.2", "second_mark"] == ("", "2.00000")
    assert changed_cells["scores", "alpha", "1.2", "applicable"] == ("3.00000", "0.00000")
    assert ("results", "gamma", "", "self_points") not in changed_cells
    assert "Bản 2 thay bản 1" in second["site/index.html"].decode()
    to = tmp_path / "v2"
    assert parindex("export", "nho-2020", "--to", to) == 0
    assert parindex("verify", to) == 0
    head = "decision: x\ndecided_by: y\nreason: z\ncorrections:\n"
    for lines, check in (
        ('  - {unit: nobody, code: "1"}\n', "unit-unknown"),
        ('  - {unit: beta, code: "1", exempt: no}\n', "exempt: yes"),
        ('  - {unit: beta, code: "1", exempt: yes}\n  - {unit: beta, code: "2", exempt: yes}\n', "no-leaf-applies"),
    ):
        decision.write_text(head + lines)
        assert parindex("correct", "nho-2020", decision) == 3
        assert check in parindex.err
    assert parindex("publish", "nho-2020") == 0  # what was refused is not on record
    assert "new 0" in parindex.out


def test_another_run_in_progress_refuses_politely_and_a_dead_one_gives_way(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("cycle", "open", folder) == 0
    database = sqlite3.connect(parindex.home / "parindex.sqlite")
    insert = (
        "INSERT INTO step_run (id, cycle, step, unit, started_at, heartbeat_at, actor, reason, state, input_digest, outcome, flow_run_id)"
        " VALUES (?, 'nho-2020', 'collect', '', datetime('now'), datetime('now'), 'ai', '', 'running', '', ?, '')"
    )
    database.execute(insert, ("elsewhere", json.dumps({"host": "other-machine", "pid": 1})))
    database.commit()
    assert parindex("collect", "nho-2020") == 6
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    import socket

    database.execute(
        "UPDATE step_run SET outcome = ?", (json.dumps({"host": socket.gethostname(), "pid": int(gone.stdout)}),)
    )
    database.commit()
    assert parindex("collect", "nho-2020") == 0
    assert parindex("history", "nho-2020") == 0
    assert "interrupted" in parindex.out


def test_rerun_does_what_is_due_and_nothing_else(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    answers = folder / "survey/responses.csv"
    later, good = answers.read_bytes(), (folder / "inbox/beta/self_assessment.csv").read_text()
    answers.unlink()
    (folder / "inbox/beta/self_assessment.csv").write_text("")
    assert parindex("run", folder) == 3
    (folder / "inbox/beta/self_assessment.csv").write_text(good)
    assert parindex("rerun", "nho-2020", "--unit", "alpha", "--yes") == 0
    assert "Nothing to run again" in parindex.out
    assert parindex("rerun", "nho-2020", "--unit", "khong-co", "--yes") == 2
    assert parindex("rerun", "nho-2020", "--unit", "beta", "--yes", "--reason", "beta nộp lại") == 0, parindex.err
    assert "collect: tệp mới hoặc đã đổi / new or changed: inbox/beta/self_assessment.csv" in parindex.out
    assert "survey:" not in parindex.out.split("collect: accepted")[0]  # it neither failed nor changed
    assert "= survey: giữ nguyên / unchanged" in parindex.out
    answers.write_bytes(later)
    assert parindex("rerun", "nho-2020", "--yes", "--reason", "kết quả điều tra đã về") == 0, parindex.err
    assert "new or changed: survey/responses.csv" in parindex.out
    assert "collect: accepted" not in parindex.out
    assert "version 1" in parindex.out
    assert parindex("rerun", "nho-2020", "--yes") == 0
    assert "Nothing to run again" in parindex.out
    assert parindex("history", "nho-2020", "--json") == 0
    runs = json.loads(parindex.out)["runs"]
    assert ("collect", "beta", "beta nộp lại") in {(run["step"], run["unit"], run["reason"]) for run in runs}
    assert all(len(run["inputs"]) == 64 for run in runs)


def test_a_checkpoint_kept_elsewhere_finds_a_chain_computed_anew(installation, tmp_path: Path) -> None:
    parindex = installation(PARINDEX_SIGNING_KEY="22" * 32)
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder) == 0, parindex.err
    kept = parindex.home / "cycles/nho-2020/checkpoint-v1.txt"
    assert kept.read_text().splitlines()[2].removeprefix("events: ") in parindex.out
    now = tmp_path / "now.txt"
    assert parindex("audit", "checkpoint", "nho-2020", "--to", now) == 0
    assert parindex("audit", "verify", "nho-2020", "--checkpoint", kept, "--checkpoint", now) == 0
    to = tmp_path / "out"
    assert parindex("export", "nho-2020", "--to", to) == 0
    number, head = (line.partition(": ")[2] for line in kept.read_text().splitlines()[2:4])
    assert _verify(to, "--checkpoint", f"{number}:{head}") == 0
    assert _verify(to, "--checkpoint", f"{number}:{'0' * 64}") == 5
    assert _verify(to, "--checkpoint", f"{int(number) + 1}:{head}") == 5
    # Another installation does the same once more: its chain is sound, but it is not the one that was written down.
    again = installation("again")
    assert again("run", folder) == 0, again.err
    assert again("audit", "verify", "nho-2020") == 0
    assert again("audit", "verify", "nho-2020", "--checkpoint", kept) == 5
    assert "the chain differs" in again.err


def _verify(folder: Path, *words: str) -> int:
    return subprocess.run([sys.executable, folder / "verify.py", *words], capture_output=True, check=False).returncode


def test_xlsx_forms_made_by_template_come_back_through_collect(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    csv_forms = [path for path in made if path.startswith("inbox/alpha/")]
    folder = small_cycle.write(tmp_path / "c", {path: text for path, text in made.items() if path not in csv_forms})
    assert parindex("cycle", "open", folder) == 0, parindex.err
    assert parindex("template", "nho-2020", "--unit", "alpha", "--to", tmp_path / "forms") == 0, parindex.err
    form = tmp_path / "forms/inbox/alpha/self_assessment.xlsx"
    book = openpyxl.load_workbook(form)
    given = {
        "1.1.1": {"Đạt": "có"},
        "1.1.2": {"Tử số": 9, "Mẫu số": 10},
        "1.1.10": {"Số lượng": 0},
        "1.2": {"Điểm": 2.5},
    }
    for sheet in book:
        header = next((row for row in sheet.iter_rows() if any(cell.value == "Mã" for cell in row)), None)
        if header is None:
            continue
        at = {cell.value: cell.column for cell in header}
        for row in sheet.iter_rows(min_row=header[0].row + 1):
            code = sheet.cell(row[0].row, at["Mã"]).value
            for title, value in given.get(code, {}).items():
                if title in at and "Tệp" not in at:
                    sheet.cell(row[0].row, at[title]).value = value
        if "Tệp" in at:
            for title, value in {"Mã": "1.1.1", "Số và ký hiệu": "1/KH-S", "Cơ quan ban hành": "Sở", "Ngày ban hành": "15/01/2020",
                                 "Trích yếu": "Kế hoạch", "Trang": "1-2"}.items():  # fmt: skip
                sheet.cell(header[0].row + 1, at[title]).value = value
    (folder / "inbox/alpha").mkdir(parents=True, exist_ok=True)
    book.save(folder / "inbox/alpha/self_assessment.xlsx")
    assert parindex("run", folder) == 0, parindex.err
    table = {row["unit"]: row for row in rows(parindex.exported("nho-2020")["results.csv"])}
    assert table["alpha"]["self_points"] == "7.30000"


def test_wrong_calls_end_with_two_and_no_traceback(installation, tmp_path: Path) -> None:
    parindex = installation()
    assert parindex("run", tmp_path / "nowhere") == 2
    assert parindex("status", "nobody") == 2
    assert parindex("frobnicate") == 2
    assert parindex("export", "nobody", "--to", tmp_path / "x") == 2
    assert parindex("framework", "check", "dien-bien-2020-departments") == 0
    assert parindex("framework", "diff", "dien-bien-2020-departments", "dien-bien-2020-districts") == 0
    assert "Traceback" not in parindex.err


def test_a_unit_without_any_evidence_row_takes_nobody_down(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files(("alpha", "beta", "gamma", "delta"))
    made["inbox/alpha/evidence.csv"] = "code,document_number,issuer,issued_on\n"
    made["inbox/beta/explanations.csv"] = "code,text,file\n"
    del made["inbox/gamma/evidence.csv"]
    made["inbox/delta/evidence.csv"] = "code,document_number,issuer,issued_on\n9.9,1,Sở,2020-01-01\n"
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("cycle", "open", folder) == 0
    assert parindex("collect", "nho-2020") == 3
    assert "collect: accepted 3, refused 1" in parindex.out
    assert "inbox/delta/evidence.csv:2" in parindex.err
    assert "Traceback" not in parindex.err


def test_what_a_person_can_mend_is_said_without_a_traceback(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 0
    (folder / "inbox/alpha/self_assessment.csv").write_text(
        str(made["inbox/alpha/self_assessment.csv"]).replace("9,10", "8,10")
    )
    assert parindex("collect", "nho-2020") == 6
    assert "đã công bố" in parindex.err
    assert "Traceback" not in parindex.err + parindex.out


def test_what_cannot_be_read_after_the_lock_takes_away_no_mark(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0
    for stage in ("appraisal_1", "appraisal_2"):
        assert parindex("lock", "nho-2020", stage) == 0
    (folder / "appraisal/noi-vu/notes.txt").symlink_to("/etc/hostname")
    assert parindex("appraise", "nho-2020") == 0, parindex.err
    assert "file-unnamed" in (parindex.home / "cycles/nho-2020/findings.csv").read_text()
    (folder / "appraisal/noi-vu/marks.csv").write_text('unit,code\n"x')
    assert parindex("appraise", "nho-2020") == 3
    assert "appraisal/noi-vu/marks.csv" in parindex.err
    assert "appraised 3" in parindex.out
    small_cycle.write(folder, {"appraisal/noi-vu/marks.csv": made["appraisal/noi-vu/marks.csv"]})
    assert parindex("run", folder) == 0, parindex.err
    assert "version 1" in parindex.out


def test_marks_of_a_locked_round_come_back_when_the_file_is_mended(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0
    assert parindex("lock", "nho-2020", "appraisal_1") == 0
    (folder / "appraisal/noi-vu/marks.csv").write_text('unit,code\n"x')
    assert parindex("appraise", "nho-2020") == 3
    small_cycle.write(folder, {"appraisal/noi-vu/marks.csv": made["appraisal/noi-vu/marks.csv"]})
    assert parindex("run", folder) == 0, parindex.err


def test_a_folder_that_must_not_be_read_is_told(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    for place in ("inbox/alpha", "appraisal/noi-vu"):
        (folder / place).rename(tmp_path / place.replace("/", "-"))
        (folder / place).symlink_to(tmp_path / place.replace("/", "-"))
    assert parindex("run", folder) == 3
    assert "inbox/alpha" in parindex.err
    assert "appraisal/noi-vu" in parindex.err
    assert "path-outside" in (parindex.home / "cycles/nho-2020/findings.csv").read_text()


def test_a_framework_that_must_not_be_read_is_told(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    (folder / "frameworks/nho").rename(tmp_path / "nho")
    (folder / "frameworks/nho").symlink_to(tmp_path / "nho")
    assert parindex("cycle", "open", folder) == 3
    assert "frameworks/nho" in parindex.err


def test_a_link_nobody_names_refuses_nothing(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    (folder / "inbox/alpha/evidence").mkdir(exist_ok=True)
    (folder / "inbox/alpha/evidence/extra.pdf").symlink_to("/etc/hostname")
    assert parindex("run", folder) == 0, parindex.err
    told = (parindex.home / "cycles/nho-2020/findings.csv").read_text().splitlines()
    assert [line for line in told if "file-unnamed" in line and "evidence/extra.pdf" in line]
    (folder / "inbox/beta/evidence").mkdir(exist_ok=True)
    (folder / "inbox/beta/evidence/extra.pdf").symlink_to("/etc/hostname")
    assert parindex("run", folder) == 0, parindex.err  # published: it is no new form


def test_an_explanation_that_must_not_be_read_is_told_even_behind_a_lock(installation, tmp_path: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder, "--until", "validate") == 0
    assert parindex("lock", "nho-2020", "self_assessment") == 0
    (folder / "inbox/beta/explanations.csv").symlink_to("/etc/hostname")
    assert parindex("collect", "nho-2020") == 3
    assert "inbox/beta/explanations.csv" in parindex.err
    assert parindex("lock", "nho-2020", "explanation") == 0
    (folder / "inbox/alpha/explanations.csv").symlink_to("/etc/hostname")
    assert parindex("collect", "nho-2020") in (3, 6)
    told = (parindex.home / "cycles/nho-2020/findings.csv").read_text()
    assert "explanations; path-outside inbox/alpha/explanations.csv" in told


def test_what_first_arrives_after_the_approval_says_why_too(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    exemptions = made.pop("exemptions.csv", "unit,code,reason,approved_by\nalpha,1.2,không có,UBND\n")
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0
    assert parindex("lock", "nho-2020", "appraisal_2") == 0
    small_cycle.write(folder, {"exemptions.csv": exemptions})
    assert parindex("appraise", "nho-2020", "--reason", "QĐ 5 miễn") == 0, parindex.err
    small_cycle.write(folder, {"cycle.yaml": str(made["cycle.yaml"]).replace("Kỳ nhỏ", "Kỳ rất nhỏ")})
    assert parindex("cycle", "open", folder, "--reason", "đổi tên") == 0, parindex.err
    assert parindex("history", "nho-2020", "--json") == 0
    events = [event["content"] for event in json.loads(parindex.out)["events"]]
    assert [event["reason"] for event in events if event["object"] == "exemptions"] == ["QĐ 5 miễn"]
    assert [event["reason"] for event in events if event["object"] == "cycle"][-1] == "đổi tên"


def test_what_was_refused_is_judged_again_when_what_it_is_judged_by_changes(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    small = {**made, "units.csv": str(made["units.csv"]).replace("gamma,Sở Gamma,so\n", "")}
    small["frameworks/nho/framework.yaml"] = small_cycle.FRAMEWORK.replace("kind: pass_fail", "kind: judgement")
    folder = small_cycle.write(tmp_path / "c", small)
    assert parindex("run", folder) == 3
    for check in ("unit-unknown", "input-not-of-rule"):  # gamma in marks, answers and statistics; met for a judgement
        assert check in parindex.err
    small_cycle.write(folder, made)  # the folder's forms, marks and answers stay as they were
    assert parindex("run", folder) == 0, parindex.err
    assert [row["unit"] for row in rows(parindex.exported("nho-2020")["results.csv"])] == ["alpha", "beta", "gamma"]
