"""verify.py passes a right export and names the first thing wrong in any other; figures here are by hand."""

import copy
import csv
import importlib.util
import io
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def load(name: str, path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


made = load("handmade_bundle_for_verify", Path(__file__).with_name("handmade_bundle.py"))
verify = load("verify_under_test", made.VERIFY)

# so-b: 4/4 = 100. so-c: (20 + 1)/20, capped at 100. so-a: 2 + 4·2/3 + 1 + 3.75 + 2.5 + 1 − 0.25 = 12.667
# of 20 = 63.335, a tie shown as 63.34 but below the floor 63.34. so-d: 6 of 16 = 37.5.
# so-b's change: 100 − 99.995 = 0.005, shown 0.01.
RESULTS = """\
unit,name,bloc,points,maximum,index,rank,classification,previous_index,index_change,previous_rank,rank_change,\
self_points,appraised_points,survey_points,statistics_points,bonus,penalty,ranked,comparable,framework
so-b,Đơn vị so-b,so,4.000,4.000,100.00,1,Tốt,100.00,0.01,1,,0.000,0.000,0.000,4.000,0.000,0.000,yes,yes,bo-so
so-c,Đơn vị so-c,so,21.000,20.000,100.00,1,Tốt,,,,,10.000,10.000,6.000,4.000,1.000,0.000,yes,no,bo-so
so-a,Đơn vị so-a,so,12.667,20.000,63.34,3,Yếu,60.50,2.84,2,-1,6.667,5.667,3.750,2.500,1.000,0.250,yes,yes,\
bo-so
so-d,Đơn vị so-d,so,6.000,16.000,37.50,,Yếu,,,,,0.000,0.000,6.000,0.000,0.000,0.000,no,no,bo-so
"""
# so-a 1.10: 75% is 1 + (3 − 1)·(75 − 50)/(100 − 50) = 2; 50% is 1. so-a 2.1: people (100 + 50)/2 = 75, firms
# (50 + 0)/2 = 25; 6·(75·3/4 + 25·1/4)/100 = 3.75.
SCORES = """\
unit,code,level,maximum,applicable,self,first_mark,second_mark,final,source,reason
so-b,1,field,10.000,0.000,,,,,,
so-b,1.1,criterion,6.000,0.000,,,,,,
so-b,1.1.1,leaf,2.000,0.000,2.000,2.000,,,appraisal,Không có chức năng
so-b,1.1.2,leaf,4.000,0.000,,,,,appraisal,Không có chức năng
so-b,1.10,leaf,4.000,0.000,,,,,appraisal,"'-Không phát sinh, ""năm nay""\"
so-b,2,field,10.000,4.000,,,,4.000,,
so-b,2.1,leaf,6.000,0.000,,,,,survey,survey shortfall
so-b,2.2,leaf,4.000,4.000,,,,4.000,statistics,
so-c,1,field,10.000,10.000,10.000,10.000,,10.000,,
so-c,1.1,criterion,6.000,6.000,6.000,6.000,,6.000,,
so-c,1.1.1,leaf,2.000,2.000,2.000,2.000,,2.000,appraisal,
so-c,1.1.2,leaf,4.000,4.000,4.000,4.000,,4.000,appraisal,
so-c,1.10,leaf,4.000,4.000,4.000,4.000,,4.000,appraisal,
so-c,2,field,10.000,10.000,,,,10.000,,
so-c,2.1,leaf,6.000,6.000,,,,6.000,survey,
so-c,2.2,leaf,4.000,4.000,,,,4.000,statistics,
so-a,1,field,10.000,10.000,6.667,6.667,1.000,5.667,,
so-a,1.1,criterion,6.000,6.000,4.667,4.667,,4.667,,
so-a,1.1.1,leaf,2.000,2.000,2.000,2.000,,2.000,appraisal,
so-a,1.1.2,leaf,4.000,4.000,2.667,2.667,,2.667,appraisal,
so-a,1.10,leaf,4.000,4.000,2.000,2.000,1.000,1.000,appraisal,'=Kiểm tra lại
so-a,2,field,10.000,10.000,,,,6.250,,
so-a,2.1,leaf,6.000,6.000,,,,3.750,survey,
so-a,2.2,leaf,4.000,4.000,,,,2.500,statistics,
so-d,1,field,10.000,6.000,0.000,0.000,,0.000,,
so-d,1.1,criterion,6.000,2.000,0.000,0.000,,0.000,,
so-d,1.1.1,leaf,2.000,2.000,0.000,0.000,,0.000,appraisal,
so-d,1.1.2,leaf,4.000,0.000,,,,,appraisal,0/0
so-d,1.10,leaf,4.000,4.000,0.000,0.000,,0.000,appraisal,
so-d,2,field,10.000,10.000,,,,6.000,,
so-d,2.1,leaf,6.000,6.000,,,,6.000,survey,
so-d,2.2,leaf,4.000,4.000,,,,0.000,statistics,
"""
ANNEX_RESULTS = (
    RESULTS.splitlines(keepends=True)[0]
    + """\
so-x,Đơn vị so-x,so,16.000,20.000,80.00,,Tốt,,,,,10.000,10.000,6.000,0.000,0.000,0.000,no,no,bo-so
"""
)
ANNEX_SCORES = (
    SCORES.splitlines(keepends=True)[0]
    + """\
so-x,1,field,10.000,10.000,10.000,10.000,,10.000,,
so-x,1.1,criterion,6.000,6.000,6.000,6.000,,6.000,,
so-x,1.1.1,leaf,2.000,2.000,2.000,2.000,,2.000,appraisal,
so-x,1.1.2,leaf,4.000,4.000,4.000,4.000,,4.000,appraisal,
so-x,1.10,leaf,4.000,4.000,4.000,4.000,,4.000,appraisal,
so-x,2,field,10.000,10.000,,,,6.000,,
so-x,2.1,leaf,6.000,6.000,,,,6.000,survey,
so-x,2.2,leaf,4.000,4.000,,,,0.000,statistics,
"""
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))).public_key().public_bytes_raw().hex()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(made.write_example(tmp_path / "export", RESULTS, SCORES))


@pytest.fixture
def with_annex(tmp_path: Path) -> Path:
    return Path(made.write_example(tmp_path / "export", RESULTS, SCORES, (ANNEX_RESULTS, ANNEX_SCORES)))


def sign(folder: Path) -> None:
    signature = KEY.sign((folder / "manifest.json").read_bytes()).hex()
    made.write_json(folder / "manifest.sig", {"algorithm": "Ed25519", "public_key": PUBLIC, "signature": signature})


def fault(folder: Path, key: str = "") -> str:
    """What verify says is wrong; the test fails if it finds nothing, or ends in anything but a Failure."""
    with pytest.raises(verify.Failure) as raised:
        verify.verify(folder, key)
    return str(raised.value)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# ------------------------------------------------------ what is right passes


def test_a_right_export_passes_without_an_annex(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(bundle)]) == 0
    said = capsys.readouterr().out
    for words in (
        "ĐẠT / PASSED: thu-2024",
        "files: 21;",
        "events: 4 ",
        "units: 4;",
        "recomputed: 20;",
        "annex: không",
    ):
        assert words in said
    assert json.loads((bundle / "manifest.json").read_text())["audit"]["head"] in said


def test_a_right_export_passes_with_its_annex(with_annex: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(with_annex)]) == 0
    said = capsys.readouterr().out
    for words in ("files: 36;", "units: 5;", "recomputed: 25;", "annex: có"):
        assert words in said


def test_an_export_passes_when_its_annex_is_taken_away(with_annex: Path) -> None:
    shutil.rmtree(with_annex / "annex")
    assert verify.main([str(with_annex)]) == 0


def analyses_alone(folder: Path, opened: bool) -> Path:
    """An annex of analyses, with or without what the hidden event says."""
    (folder / "annex/analysis").mkdir(parents=True)
    (folder / "annex/analysis/index.html").write_text("<p>Phân tích</p>", encoding="utf-8")
    if opened:
        line = {"seq": 3, "content": made.event_content("so-x", "submission")}
        made.write_lines(folder / "annex/audit_contents.jsonl", [line])
    made.seal(folder)
    return folder


def test_an_annex_of_analyses_alone_passes_and_is_held_to_its_digests(bundle: Path) -> None:
    report = verify.verify(analyses_alone(bundle, opened=True))
    assert (report["annex"], report["units"]) == (True, 4)
    change(bundle / "annex/analysis/index.html", "Phân", "Phan")
    assert "annex/analysis/index.html" in fault(bundle)


def test_an_annex_that_does_not_open_what_is_hidden_fails(bundle: Path) -> None:
    assert "annex/audit_contents.jsonl: thiếu tệp" in fault(analyses_alone(bundle, opened=False))


def test_recompute_gives_every_cell(with_annex: Path) -> None:
    computed = verify.recompute(with_annex)
    for name, text in (
        ("results", RESULTS),
        ("scores", SCORES),
        ("annex/results", ANNEX_RESULTS),
        ("annex/scores", ANNEX_SCORES),
    ):
        assert computed[name] == list(csv.reader(io.StringIO(text)))[1:], name


def run(folder: Path, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "verify.py", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={"PATH": os.environ["PATH"], **environment},
    )


def test_the_copy_in_the_folder_runs_alone_and_leaves_no_trace(with_annex: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files_of(with_annex)}
    done = run(with_annex, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ĐẠT / PASSED")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files_of(with_annex)} == before


def test_the_copy_in_the_folder_takes_a_key_from_the_command_line(bundle: Path) -> None:
    sign(bundle)
    assert run(bundle, "--key", PUBLIC).returncode == 0
    assert run(bundle, "--key", OTHER).returncode == 5
    assert run(bundle.parent, str(bundle)).returncode == 2  # no verify.py there: Python's own wrong call
    assert run(bundle, "..", "--nonsense").returncode == 2


def test_a_module_dropped_beside_it_is_named_and_never_run(bundle: Path) -> None:
    for name in ("csv.py", "json.py", "hashlib.py", "fractions.py"):
        (bundle / name).write_text("raise SystemExit(0)")
    done = run(bundle)
    assert done.returncode == 5
    assert "csv.py: tệp không có trong manifest" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["a", "b"],
        ["no-such-folder"],
        ["--key"],
        ["--key", "12"],
        ["--key=" + "g" * 64],
        ["\0"],
    ],
)
def test_a_wrong_call_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(words) == 2
    assert "usage" in capsys.readouterr().err


def test_a_failure_is_5_and_said_in_both_languages(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle / "results.csv").unlink()
    assert verify.main([str(bundle)]) == 5
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("KHÔNG ĐẠT / FAILED\nresults.csv: có trong manifest nhưng thiếu tệp / listed")


def test_names_cannot_steer_the_terminal(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle / "a\x1b[2J\n\u202e.txt").write_text("")
    assert verify.main([str(bundle)]) == 5
    assert "a\\x1b[2J\\n\\u202e.txt" in capsys.readouterr().err


# ------------------------------------------------------ files and manifests


def test_one_changed_byte_is_found_in_every_file(with_annex: Path) -> None:
    sign(with_annex)
    for path in files_of(with_annex):
        data = path.read_bytes()
        small = path.name.startswith("manifest.s")
        for position in range(len(data)) if small else {0, len(data) // 3, len(data) // 2, len(data) - 1}:
            for bit in (1, 0x20):
                path.write_bytes(data[:position] + bytes([data[position] ^ bit]) + data[position + 1 :])
                assert fault(with_annex), (path, position)
        path.write_bytes(data)
    verify.verify(with_annex)


def test_a_file_that_is_missing_empty_or_longer_is_found(with_annex: Path) -> None:
    for path in files_of(with_annex):
        data = path.read_bytes()
        path.unlink()
        assert fault(with_annex), path
        path.write_bytes(b"")
        assert fault(with_annex), path
        path.write_bytes(data + b"\n")
        assert fault(with_annex), path
        path.write_bytes(data)
    verify.verify(with_annex)


@pytest.mark.parametrize(
    "name",
    [
        "extra.csv",
        "inputs/extra.csv",
        "inputs/frameworks/b.json",
        "annex/extra.csv",
        "annex/inputs/cycle.json",
        ".hidden",
        "__pycache__/verify.pyc",
        "sub/manifest.json",
    ],
)
def test_a_file_nobody_listed_is_found(with_annex: Path, name: str) -> None:
    (with_annex / name).parent.mkdir(exist_ok=True)
    (with_annex / name).write_bytes(b"{}\n")
    assert name in fault(with_annex)


def test_a_lone_file_in_annex_is_no_annex(bundle: Path) -> None:
    (bundle / "annex").mkdir()
    (bundle / "annex/notes.txt").write_text("")
    assert "annex/manifest.json: thiếu tệp" in fault(bundle)


def test_links_and_pipes_are_refused_and_not_opened(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    shutil.copy(bundle / "results.csv", tmp_path / "outside/results.csv")
    (bundle / "results.csv").unlink()
    (bundle / "results.csv").symlink_to(tmp_path / "outside/results.csv")
    assert "results.csv: là liên kết" in fault(bundle)
    (bundle / "results.csv").unlink()
    os.mkfifo(bundle / "results.csv")
    assert "results.csv: là liên kết" in fault(bundle)
    (bundle / "results.csv").unlink()
    shutil.copy(tmp_path / "outside/results.csv", bundle / "results.csv")
    verify.verify(bundle)
    (bundle / "annex").symlink_to(tmp_path / "outside")
    assert "annex: là liên kết" in fault(bundle)


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "manifest.json", "annex/manifest.json", "inputs"])
def test_a_manifest_cannot_list_what_is_not_its_own(with_annex: Path, name: str) -> None:
    (with_annex.parent / "outside.txt").write_bytes(b"")
    manifest = json.loads((with_annex / "manifest.json").read_text())
    made.seal(with_annex, files={**manifest["files"], name: {"sha256": made.hexdigest(b""), "size": 0}})
    assert "có trong manifest nhưng thiếu tệp" in fault(with_annex)


def test_needed_files_cannot_be_dropped_by_sealing_again(bundle: Path) -> None:
    for path in files_of(bundle):
        if path.name in ("manifest.json", "manifest.sha256", "report.html", "bo-so.json", "audit.jsonl"):
            continue
        data = path.read_bytes()
        path.unlink()
        made.seal(bundle)
        assert f"{path.relative_to(bundle).as_posix()}: thiếu tệp" in fault(bundle)
        path.write_bytes(data)


def test_a_manifest_written_in_another_way_is_found(bundle: Path) -> None:
    data = json.dumps(json.loads((bundle / "manifest.json").read_text()), indent=1).encode()
    (bundle / "manifest.json").write_bytes(data)
    (bundle / "manifest.sha256").write_text(f"{made.hexdigest(data)}  manifest.json\n")
    assert "manifest.json: JSON không ở dạng chuẩn" in fault(bundle)


def test_framework_digests_must_be_those_of_the_files(bundle: Path) -> None:
    made.seal(bundle, frameworks={"bo-so": "00" * 32})
    assert "manifest.json: frameworks" in fault(bundle)
    made.seal(bundle, frameworks={})
    assert "manifest.json: frameworks" in fault(bundle)


# ------------------------------------------------------ signature


def test_a_signature_holds_and_says_what_it_proves(bundle: Path) -> None:
    assert "không có" in verify.verify(bundle)["note"]
    sign(bundle)
    assert "only integrity" in verify.verify(bundle)["note"]
    assert "by the key given" in verify.verify(bundle, PUBLIC)["note"]
    assert verify.main([str(bundle), "--key", PUBLIC.upper()]) == 0


def test_a_wrong_signature_or_key_is_found(bundle: Path) -> None:
    assert "no signature" in fault(bundle, PUBLIC)
    sign(bundle)
    assert "another key" in fault(bundle, OTHER)
    made.seal(bundle, published_by="người khác")
    assert "signature is wrong" in fault(bundle)
    signed = json.loads((bundle / "manifest.sig").read_text())
    for key, value in (("algorithm", "none"), ("public_key", "00" * 31), ("signature", "0" * 127 + "g")):
        made.write_json(bundle / "manifest.sig", {**signed, key: value})
        assert "well-formed" in fault(bundle)


def test_ed25519_agrees_with_rfc_8032_and_with_another_implementation() -> None:
    vectors = [  # RFC 8032, 7.1, tests 1 to 3: public key, message, signature
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
            "595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
            "b4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9"
            "716ed28dc027beceea1ec40a",
        ),
    ]
    for public, message, signature in vectors:
        key, data, good = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
        assert verify.signature_holds(key, data, good)
        assert not verify.signature_holds(key, data + b"x", good)
        order_added = int.from_bytes(good[32:], "little") + verify.ORDER  # the same signature, made malleable
        assert not verify.signature_holds(key, data, good[:32] + order_added.to_bytes(32, "little"))
    for seed in range(20):
        signer = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        public_bytes, message_ = signer.public_key().public_bytes_raw(), bytes(range(seed * 5))
        signature_ = signer.sign(message_)
        assert verify.signature_holds(public_bytes, message_, signature_)
        assert not verify.signature_holds(public_bytes, message_, signature_[:-1] + bytes([signature_[-1] ^ 1]))
    assert not verify.signature_holds(b"\xff" * 32, b"", b"\xff" * 64)


# ------------------------------------------------------ the audit chain


def read_events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "audit.jsonl").read_bytes().splitlines()]


def relink(events: list[dict[str, Any]]) -> None:
    previous = "0" * 64
    for event in events:
        event["previous"] = previous
        kept = {key: value for key, value in event.items() if key not in ("digest", "content")}
        previous = event["digest"] = made.hexdigest(made.one_line(kept))


def forge_event(events: list[dict[str, Any]]) -> None:
    events[1]["actor"] = "người khác"


def forge_content(events: list[dict[str, Any]]) -> None:
    events[1]["content"]["after"] = {"điểm": "9"}


def remove_event(events: list[dict[str, Any]]) -> None:
    del events[1]


def remove_and_renumber(events: list[dict[str, Any]]) -> None:
    del events[1]
    for seq, event in enumerate(events, start=1):
        event["seq"] = seq


def reorder(events: list[dict[str, Any]]) -> None:
    events[1], events[2] = events[2], events[1]


def break_link(events: list[dict[str, Any]]) -> None:
    events[2]["previous"] = "1" * 64


def other_cycle(events: list[dict[str, Any]]) -> None:
    events[0]["cycle"] = "ky-khac"
    relink(events)


def one_key_more(events: list[dict[str, Any]]) -> None:
    events[0]["note"] = "x"
    relink(events)


def number_from_zero(events: list[dict[str, Any]]) -> None:
    for seq, event in enumerate(events):
        event["seq"] = seq
    relink(events)


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (forge_event, "dòng/line 2: digest của sự kiện sai"),
        (forge_content, "dòng/line 2: nội dung khác"),
        (remove_event, "dòng/line 2: seq đứt quãng"),
        (remove_and_renumber, "dòng/line 2: đứt chuỗi: previous"),
        (reorder, "dòng/line 2: seq đứt quãng"),
        (break_link, "dòng/line 3: đứt chuỗi: previous"),
        (other_cycle, "another cycle"),
        (one_key_more, "a key too many"),
        (number_from_zero, "seq has a gap"),
    ],
)
def test_a_tampered_chain_is_found_even_when_sealed_again(
    bundle: Path, tamper: Callable[[list[dict[str, Any]]], None], said: str
) -> None:
    events = read_events(bundle)
    tamper(events)
    made.write_lines(bundle / "audit.jsonl", events)
    made.seal(bundle)
    assert said in fault(bundle)


def test_a_chain_cut_short_or_of_another_head_is_found(bundle: Path) -> None:
    events = read_events(bundle)
    manifest = json.loads((bundle / "manifest.json").read_text())
    made.write_lines(bundle / "audit.jsonl", events[:-1])
    made.seal(bundle, audit=manifest["audit"])
    assert "manifest.json: audit" in fault(bundle)


def test_a_chain_not_written_canonically_is_found(bundle: Path) -> None:
    text = (bundle / "audit.jsonl").read_text(encoding="utf-8")
    for wrong in (
        text.replace('{"action"', '{ "action"', 1),
        text.rstrip("\n"),
        text + "\n",
        text + "NaN\n",
        text.replace('"after":{', '"after":{"điểm":"9",', 1),
    ):
        (bundle / "audit.jsonl").write_bytes(wrong.encode())
        head = {"events": 4, "head": read_events_head(text)}
        made_seal_raw(bundle, head)
        assert "audit.jsonl" in fault(bundle)


def read_events_head(text: str) -> str:
    return str(json.loads(text.splitlines()[-1])["digest"])


def made_seal_raw(folder: Path, audit: dict[str, Any]) -> None:
    """Seal when audit.jsonl itself can no longer be read."""
    data = (folder / "audit.jsonl").read_bytes()
    (folder / "audit.jsonl").write_bytes(made.one_line({"digest": audit["head"]}) + b"\n")
    made.seal(folder)
    (folder / "audit.jsonl").write_bytes(data)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["audit.jsonl"] = {"sha256": made.hexdigest(data), "size": len(data)}
    manifest["audit"] = audit
    made.write_json(folder / "manifest.json", manifest)
    digest = made.hexdigest((folder / "manifest.json").read_bytes())
    (folder / "manifest.sha256").write_text(f"{digest}  manifest.json\n")


def test_the_annex_opens_the_hidden_events_and_no_others(with_annex: Path) -> None:
    path = with_annex / "annex/audit_contents.jsonl"
    opened = json.loads(path.read_text())
    for lines, said in (
        ([], "does not open all"),
        ([{**opened, "seq": 2}], "opens no hidden event"),
        ([opened, opened], "does not open all"),
        ([{**opened, "more": 1}], "opens no hidden event"),
        ([{"seq": 3, "content": {**opened["content"], "unit": "so-y"}}], "content differs"),
    ):
        made.write_lines(path, lines)
        made.seal(with_annex)
        assert said in fault(with_annex)


# ------------------------------------------------------ figures changed and sealed again


def test_a_changed_digit_is_named_with_both_values(bundle: Path) -> None:
    change(bundle / "results.csv", "12.667,20.000,63.34,3", "12.667,20.000,63.33,3")
    made.seal(bundle)
    said = fault(bundle)
    for words in ("results.csv", "đơn vị/unit so-a", "cột/column index", "«63.33»", "«63.34»"):
        assert words in said
    shutil.copy(made.VERIFY, bundle / "verify.py")
    (bundle / "results.csv").write_bytes(RESULTS.encode())
    change(
        bundle / "scores.csv",
        "so-a,1.1.2,leaf,4.000,4.000,2.667,2.667,,2.667",
        "so-a,1.1.2,leaf,4.000,4.000,2.667,2.667,,2.668",
    )
    made.seal(bundle)
    said = fault(bundle)
    for words in (
        "scores.csv",
        "đơn vị/unit so-a",
        "mã/code 1.1.2",
        "cột/column final",
        "«2.668»",
        "«2.667»",
    ):
        assert words in said


def test_any_changed_cell_is_found(with_annex: Path) -> None:
    computed = verify.recompute(with_annex)
    for name in ("results.csv", "scores.csv", "annex/results.csv", "annex/scores.csv"):
        text = (with_annex / name).read_text(encoding="utf-8")
        rows = list(csv.reader(io.StringIO(text)))
        columns = verify.RESULTS if "results" in name else verify.SCORES
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                changed = copy.deepcopy(rows)
                changed[i][j] = cell + "0"
                (with_annex / name).write_bytes("".join(made.line(one) for one in changed).encode())
                with pytest.raises(verify.Failure, match=name):
                    verify.compare(verify.Export(with_annex), name, columns, computed[name[:-4]])
        made.seal(with_annex)
        assert name in fault(with_annex)
        (with_annex / name).write_bytes(text.encode())


def test_rows_swapped_dropped_or_added_are_found(bundle: Path) -> None:
    for name, text in (("results.csv", RESULTS), ("scores.csv", SCORES)):
        lines = text.splitlines(keepends=True)
        for wrong in (
            [lines[0], lines[2], lines[1], *lines[3:]],
            lines[:-1],
            [*lines, lines[-1]],
            lines[:1],
            [],
        ):
            (bundle / name).write_bytes("".join(wrong).encode())
            made.seal(bundle)
            assert name in fault(bundle)
        (bundle / name).write_bytes(text.encode())


def test_a_changed_input_shows_in_the_figures(bundle: Path) -> None:
    change(bundle / "inputs/claims.csv", "so-a,1.1.2,,,2,3,", "so-a,1.1.2,,,3,4,")
    made.seal(bundle)
    assert "scores.csv, đơn vị/unit so-a, mã/code 1" in fault(bundle)


def test_a_changed_band_shows_in_the_class(bundle: Path) -> None:
    change(bundle / "inputs/cycle.json", '"floor": "63.34"', '"floor": "63.335"')
    made.seal(bundle)
    assert "cột/column classification" in fault(bundle)


def test_tables_written_in_another_way_are_found(bundle: Path) -> None:
    name, text = "results.csv", RESULTS
    for wrong in (
        text.replace("\n", "\r\n"),
        "\ufeff" + text,
        text.replace("Tốt", '"Tốt"', 1),
        text.rstrip("\n"),
        text.replace("Tốt", '"Tốt', 1),
        text + "\n",
        text.replace("so-a", "so\ra", 1),
        "",
    ):
        (bundle / name).write_bytes(wrong.encode())
        made.seal(bundle)
        assert name in fault(bundle)
    (bundle / name).write_bytes(text.encode("utf-16"))
    made.seal(bundle)
    assert "UTF-8" in fault(bundle)


# ------------------------------------------------------ the annex


def test_an_annex_of_another_publication_is_found(with_annex: Path) -> None:
    annex = json.loads((with_annex / "annex/manifest.json").read_text())
    for key, value in (("of", "00" * 32), ("version", 2), ("cycle", "khac")):
        made.write_json(with_annex / "annex/manifest.json", {**annex, key: value})
        assert f"annex/manifest.json: {key}" in fault(with_annex)


def test_settings_may_be_repeated_in_the_annex_but_not_changed(with_annex: Path) -> None:
    shutil.copytree(with_annex / "inputs/frameworks", with_annex / "annex/inputs/frameworks")
    shutil.copy(with_annex / "inputs/cycle.json", with_annex / "annex/inputs/cycle.json")
    made.seal(with_annex)
    verify.verify(with_annex)
    change(with_annex / "annex/inputs/cycle.json", '"year": 2024', '"year": 2023')
    made.seal(with_annex)
    assert "annex/inputs/cycle.json: khác tệp cùng tên" in fault(with_annex)


def test_an_unpublished_unit_outside_the_annex_is_found(with_annex: Path) -> None:
    change(with_annex / "inputs/units.csv", "so-d,Đơn vị so-d,so,yes,no,yes", "so-d,Đơn vị so-d,so,yes,no,no")
    made.seal(with_annex)
    assert "does not belong here" in fault(with_annex)


def test_an_unpublished_unit_named_beside_the_figures_is_found(with_annex: Path) -> None:
    keep = {path: path.read_bytes() for path in files_of(with_annex)}
    responsible = "td9,Đơn vị so-x,1,,no\n"
    for name, text, said in (
        ("findings.csv", "so-x,,,,,,,,\n", "findings.csv"),
        ("inputs/responsibilities.csv", "so-x,x,1,,no\n", "inputs/responsibilities.csv"),
        ("inputs/responsibilities.csv", "td9,x,1,so-x,no\n", "inputs/responsibilities.csv"),
        ("inputs/responsibilities.csv", responsible, "inputs/responsibilities.csv"),
    ):
        (with_annex / name).write_bytes(keep[with_annex / name] + text.encode())
        made.seal(with_annex)
        assert f"{said}: nêu đơn vị không công bố" in fault(with_annex)
        (with_annex / name).write_bytes(keep[with_annex / name])
    made.seal(with_annex, received=[{"path": "inbox/so-x/evidence/a.pdf", "sha256": "00" * 32, "size": 1}])
    assert "manifest.json: received: nêu đơn vị không công bố" in fault(with_annex)
    events = made.chain([("submit", made.event_content("so-x", "submission"), False)])
    made.write_lines(with_annex / "audit.jsonl", events)
    made.write_lines(with_annex / "annex/audit_contents.jsonl", [])
    made.seal(with_annex)
    assert "audit.jsonl: nêu đơn vị không công bố" in fault(with_annex)
    hidden = "sha256:" + made.hexdigest(b"so-x")
    made.write_example(with_annex, RESULTS, SCORES, (ANNEX_RESULTS, ANNEX_SCORES))
    with (with_annex / "inputs/responsibilities.csv").open("ab") as stream:
        stream.write(f"{hidden},{hidden},1,{hidden},no\n".encode())
    made.seal(with_annex)
    verify.verify(with_annex)


# ------------------------------------------------------ kinds of rules: one leaf 1.1, beside a statistic

Given = dict[str, str]


def row_of_leaf(folder: Path, leaf: dict[str, Any], tables: dict[str, list[Given]], **cycle: Any) -> list[str]:
    """self, first_mark, second_mark, final, reason of leaf 1.1 of so-a."""
    beside = made.leaf("1.9", "1", None, source="statistics")
    more = {"statistics": [{"unit": "so-a", "code": "1.9", "points": "1"}], **tables}
    made.write_inputs(folder, made.framework("bo-so", [leaf, beside]), more, **cycle)
    row = next(row for row in verify.recompute(folder)["scores"] if row[1] == "1.1")
    applies = row[4] != "0.00000"
    assert applies == (row[8] != "")
    return [*row[5:9], row[10]]


def agreed(given: Given) -> dict[str, list[Given]]:
    return {"claims": [made.claim("so-a", "1.1", **given)], "marks": [made.mark("so-a", "1.1")]}


CHOICE = {
    "kind": "choice",
    "options": [{"value": "yes", "points": "1.5"}, {"value": "muộn", "points": "0.25"}],
}
STEPS = {
    "kind": "tiers",
    "measure": "value",
    "tiers": [
        {"at_least": "80", "points": "1.5", "linear_from": "1"},
        {"at_least": "-5", "points": "0.5"},
        {"at_least": "90", "points": "2"},
    ],
}
PERCENT = {
    "kind": "tiers",
    "measure": "ratio",
    "tiers": [{"at_least": "100", "points": "2"}, {"at_least": "33.3", "points": "1"}],
}
RATIO = {"kind": "ratio"}
FLOOR = {"kind": "ratio", "floor": "50", "when_zero": "full"}
DEDUCT = {"kind": "deduction", "per_unit": "0.3"}
DEBT = {"kind": "deduction", "per_unit": "0.3", "minimum": "-1"}


@pytest.mark.parametrize(
    ("rule", "given", "points"),
    [
        ({"kind": "pass_fail"}, {"met": "yes"}, "2.00000"),
        ({"kind": "pass_fail"}, {"met": "no"}, "0.00000"),
        (CHOICE, {"option": "yes"}, "1.50000"),
        (CHOICE, {"option": "muộn"}, "0.25000"),
        (STEPS, {"value": "-5.1"}, "0.00000"),
        (STEPS, {"value": "-5"}, "0.50000"),
        (STEPS, {"value": "79.9"}, "0.50000"),
        (STEPS, {"value": "80"}, "1.00000"),
        (STEPS, {"value": "83"}, "1.15000"),
        (STEPS, {"value": "89.99999"}, "1.50000"),
        (STEPS, {"value": "90"}, "2.00000"),
        (STEPS, {"value": "999999999999999"}, "2.00000"),
        (PERCENT, made.ratio("1", "3"), "1.00000"),
        (PERCENT, made.ratio("332", "1000"), "0.00000"),
        (PERCENT, made.ratio("7", "7"), "2.00000"),
        (PERCENT, made.ratio("8", "7"), "2.00000"),
        (PERCENT, made.ratio("0", "0"), "0.00000"),
        ({**PERCENT, "when_zero": "full"}, made.ratio("0", "0"), "2.00000"),
        (RATIO, made.ratio("2", "3"), "1.33333"),
        (RATIO, made.ratio("1", "3"), "0.66667"),
        (RATIO, made.ratio("5", "3"), "2.00000"),
        (RATIO, made.ratio("0", "3"), "0.00000"),
        (RATIO, made.ratio("0", "0"), "0.00000"),
        (RATIO, made.ratio("0.0000005", "0.1"), "0.00001"),
        (RATIO, made.ratio("0.0000002", "0.1"), "0.00000"),
        (RATIO, made.ratio("0.00000025", "0.1"), "0.00001"),
        (FLOOR, made.ratio("4999", "10000"), "0.00000"),
        (FLOOR, made.ratio("1", "2"), "1.00000"),
        (FLOOR, made.ratio("0", "0"), "2.00000"),
        (DEDUCT, {"count": "0"}, "2.00000"),
        (DEDUCT, {"count": "3"}, "1.10000"),
        (DEDUCT, {"count": "7"}, "0.00000"),
        (DEBT, {"count": "7"}, "-0.10000"),
        (DEBT, {"count": "99"}, "-1.00000"),
        ({"kind": "judgement"}, {"points": "1.234565"}, "1.23457"),
        ({"kind": "judgement"}, {"points": "0"}, "0.00000"),
    ],
)
def test_each_kind_of_rule_gives_its_points(tmp_path: Path, rule: dict[str, Any], given: Given, points: str) -> None:
    row = row_of_leaf(tmp_path, made.leaf("1.1", "2", rule), agreed(given))
    assert row == [points, points, "", points, ""]


@pytest.mark.parametrize("rule", [{**RATIO, "when_zero": "not_applicable"}, {**PERCENT, "when_zero": "not_applicable"}])
def test_nothing_of_nothing_may_take_the_leaf_out(tmp_path: Path, rule: dict[str, Any]) -> None:
    row = row_of_leaf(tmp_path, made.leaf("1.1", "2", rule), agreed(made.ratio("0", "0")))
    assert row == ["", "", "", "", "0/0"]


def survey_rule(**more: Any) -> dict[str, Any]:
    return {
        "kind": "survey",
        "questions": ["q1"],
        "options": {"A": "100", "B": "60", "C": "20"},
        "group_weights": {"dan": "1", "dn": "2", "cb": "0"},
        **more,
    }


def counted(**groups: dict[str, int]) -> dict[str, list[Given]]:
    """Answers to q1 by group; every answer is one valid respondent."""
    return {
        "survey_counts": [
            {
                "unit": "so-a",
                "code": "1.1",
                "group": group,
                "question": "q1",
                "option": option,
                "count": str(n),
            }
            for group, options in groups.items()
            for option, n in options.items()
        ],
        "survey_valid": [
            {"unit": "so-a", "code": "1.1", "group": group, "valid": str(sum(options.values()))}
            for group, options in groups.items()
        ],
    }


@pytest.mark.parametrize(
    ("rule", "groups", "points"),
    [
        # people: (100 + 60 + 60)/3 = 73.333…; firms: 20. 6·(73.333…·1/3 + 20·2/3)/100 = 2.26666…
        (survey_rule(), {"dan": {"A": 1, "B": 2}, "dn": {"C": 4}, "cb": {"A": 1}}, "2.26667"),
        (survey_rule(), {"dan": {"A": 1, "B": 2}, "dn": {"C": 4}}, ""),  # a group without weight is short too
        (survey_rule(), {"dan": {"A": 1}, "cb": {"A": 1}}, ""),
        (survey_rule(minimum_valid={"dn": 5}), {"dan": {"A": 1}, "dn": {"A": 4}, "cb": {"A": 1}}, ""),
        (survey_rule(minimum_valid={"dn": 5}), {"dan": {"A": 1}, "dn": {"A": 5}, "cb": {"A": 1}}, "6.00000"),
        (
            survey_rule(minimum_valid={"dn": 5}, on_shortfall="reweight"),
            {"dan": {"B": 1}, "dn": {"A": 4}},
            "3.60000",
        ),
        (survey_rule(minimum_valid={"dn": 0}, on_shortfall="reweight"), {"dan": {"B": 1}}, "3.60000"),
        (survey_rule(on_shortfall="reweight"), {"cb": {"A": 3}}, ""),
        (survey_rule(on_shortfall="reweight"), {}, ""),
    ],
)
def test_survey_leaves_follow_weights_minima_and_shortfall(
    tmp_path: Path, rule: dict[str, Any], groups: dict[str, dict[str, int]], points: str
) -> None:
    row = row_of_leaf(tmp_path, made.leaf("1.1", "6", rule, source="survey"), counted(**groups))
    assert row == ["", "", "", points, "" if points else "survey shortfall"]


@pytest.mark.parametrize(("points", "shown"), [("0", "0.00000"), ("1.234565", "1.23457"), ("2", "2.00000")])
def test_statistics_leaves_take_their_row(tmp_path: Path, points: str, shown: str) -> None:
    rows = [
        {"unit": "so-a", "code": "1.1", "points": points, "source": "Cục Thống kê"},
        {"unit": "so-a", "code": "1.9", "points": "1"},
    ]
    for rule in (None, {"kind": "judgement"}):
        row = row_of_leaf(tmp_path, made.leaf("1.1", "2", rule, source="statistics"), {"statistics": rows})
        assert row == ["", "", "", shown, ""]


# ------------------------------------------------------ what of a leaf counts

YES, NO = {"met": "yes"}, {"met": "no"}
NONE = {"not_applicable": "Không phát sinh"}


def at_11(given: list[Given], marks: list[Given], /, **more: list[Given]) -> dict[str, list[Given]]:
    return {
        "claims": [made.claim("so-a", "1.1", **one) for one in given],
        "marks": [{**made.mark("so-a", "1.1"), "agree": "", "round": "1", **one} for one in marks],
        "responsibilities": [made.APPRAISER, {**made.APPRAISER, "appraiser": "td2", "code": "1.1"}],
        **more,
    }


AGREE, AGREE2 = {"agree": "yes"}, {"agree": "yes", "round": "2"}
NO_2 = {**NO, "round": "2", "reason": "Trễ"}
CORRECTED = {**YES, "round": "2", "appraiser": "Chủ tịch", "reason": "QĐ 5", "correction": "1"}


@pytest.mark.parametrize(
    ("tables", "row"),
    [
        (at_11([YES], [AGREE, NO_2]), ["2", "2", "0", "0", "Trễ"]),
        (at_11([YES], [{**NO, "reason": "Trễ"}, AGREE2]), ["2", "0", "2", "2", ""]),
        (at_11([YES], [NO_2]), ["2", "", "0", "0", "Trễ"]),
        (at_11([], [YES]), ["", "2", "", "2", ""]),
        (at_11([], [YES, AGREE2]), ["", "2", "", "2", ""]),  # agreeing with nothing is no mark
        (at_11([{}], [YES, AGREE2]), ["", "2", "", "2", ""]),  # nor with a row that says nothing
        (at_11([NONE], [AGREE]), ["", "", "", "", "Không phát sinh"]),
        (at_11([NONE], [{**NO, "reason": "Có phát sinh"}, AGREE2]), ["", "0", "", "", "Không phát sinh"]),
        (at_11([NONE], [{**AGREE, "reason": "Đúng"}]), ["", "", "", "", "Đúng"]),
        (at_11([NONE], [{**YES, "reason": "Có"}]), ["", "2", "", "2", "Có"]),
        (at_11([{**YES, **NONE}], [AGREE]), ["2", "", "", "", "Không phát sinh"]),
        (
            at_11([YES], [{"not_applicable": "yes", "reason": "Không có tệp"}]),
            ["2", "", "", "", "Không có tệp"],
        ),
        (at_11([YES], [AGREE, {**AGREE, "appraiser": "td2", "reason": "Đủ"}]), ["2", "2", "", "2", "Đủ"]),
        (
            at_11([YES], [{**AGREE, "reason": "b"}, {**AGREE, "appraiser": "td2", "reason": "a"}]),
            ["2", "2", "", "2", "a; b"],
        ),
        (at_11([YES], [AGREE, NO_2, CORRECTED]), ["2", "2", "2", "2", "QĐ 5"]),
        (
            at_11(
                [YES],
                [
                    AGREE,
                    CORRECTED,
                    {**CORRECTED, **NO, "correction": "10", "reason": "QĐ 9"},
                    {**CORRECTED, "correction": "9"},
                ],
            ),
            ["2", "2", "0", "0", "QĐ 9"],
        ),
        (
            at_11([YES], [AGREE, {**CORRECTED, "met": "", "not_applicable": "yes"}]),
            ["2", "2", "", "", "QĐ 5"],
        ),
    ],
)
def test_the_mark_that_counts(tmp_path: Path, tables: dict[str, list[Given]], row: list[str]) -> None:
    found = row_of_leaf(tmp_path, made.leaf("1.1", "2", {"kind": "pass_fail"}), tables)
    assert found == [*(cell + ".00000" if cell else "" for cell in row[:4]), row[4]]


def evidence(kind: str, file: str) -> list[Given]:
    return [{"unit": "so-a", "code": "1.1", "kind": kind, "file": file}]


@pytest.mark.parametrize(
    ("tables", "row"),
    [
        (at_11([YES], [AGREE]), ["0", "0", "", "0", ""]),
        (at_11([YES], [AGREE2]), ["0", "", "0", "0", ""]),
        (at_11([YES], [YES]), ["0", "2", "", "2", ""]),  # inputs an appraiser enters stand
        (at_11([YES], [AGREE], evidence=evidence("evidence", "")), ["2", "2", "", "2", ""]),
        (at_11([YES], [AGREE], evidence=evidence("explanation", "a.pdf")), ["2", "2", "", "2", ""]),
        (at_11([YES], [AGREE], evidence=evidence("explanation", "")), ["0", "0", "", "0", ""]),
        (at_11([NONE], [AGREE]), ["", "", "", "", "Không phát sinh"]),
    ],
)
def test_missing_evidence_gives_zero_where_the_cycle_says_so(
    tmp_path: Path, tables: dict[str, list[Given]], row: list[str]
) -> None:
    leaf = made.leaf("1.1", "2", {"kind": "pass_fail"}, evidence="required")
    found = row_of_leaf(tmp_path, leaf, tables, missing_evidence="zero")
    assert found == [*(cell + ".00000" if cell else "" for cell in row[:4]), row[4]]
    optional = made.leaf("1.1", "2", {"kind": "pass_fail"}, evidence="optional")
    for other in (
        row_of_leaf(tmp_path, optional, tables, missing_evidence="zero"),
        row_of_leaf(tmp_path, leaf, tables),
    ):
        assert other[0] == ("2.00000" if row[0] else "")


def test_missing_evidence_outweighs_nothing_of_nothing(tmp_path: Path) -> None:
    leaf = made.leaf("1.1", "2", {"kind": "ratio", "when_zero": "not_applicable"}, evidence="required")
    found = row_of_leaf(tmp_path, leaf, agreed(made.ratio("0", "0")), missing_evidence="zero")
    assert found == ["0.00000", "0.00000", "", "0.00000", ""]


def test_the_most_specific_exemption_gives_its_reason(tmp_path: Path) -> None:
    sub = made.leaf("1.1.1", "2", {"kind": "pass_fail"})
    tree = made.framework("bo-so", [{"code": "1.1", "name": "x", "maximum": "2", "sub_criteria": [sub]}])
    tree["fields"].append(
        {
            "code": "2",
            "name": "y",
            "maximum": "1",
            "criteria": [made.leaf("2.1", "1", None, source="statistics")],
        }
    )
    rows = [{"unit": "so-a", "code": code, "reason": f"theo {code}"} for code in ("1", "1.1", "1.1.1")]
    statistics = [{"unit": "so-a", "code": "2.1", "points": "1"}]
    for exemptions, reason in ((rows, "theo 1.1.1"), (rows[:2], "theo 1.1"), (rows[:1], "theo 1")):
        made.write_inputs(tmp_path, tree, {"exemptions": exemptions, "statistics": statistics})
        scores = {row[1]: row for row in verify.recompute(tmp_path)["scores"]}
        assert scores["1.1.1"][-1] == reason
        assert scores["1"][3:9] == ["100.00000", "0.00000", "", "", "", ""]


# ------------------------------------------------------ units: index, rank, class, change


def units_by_statistics(
    folder: Path, points: dict[str, str], tables: dict[str, list[Given]], **cycle: Any
) -> list[Given]:
    """results.csv of units that have one statistics leaf of 100, two decimals inside."""
    tree = made.framework("bo-so", [made.leaf("1.1", "100", None, source="statistics")], places=2)
    rows = [{"unit": code, "code": "1.1", "points": value} for code, value in points.items()]
    units = [made.unit(code) for code in points]
    made.write_inputs(
        folder,
        {**tree, "bonus_maximum": "3", "penalty_maximum": "2.5"},
        {"units": units, "statistics": rows, **tables},
        **cycle,
    )
    return [dict(zip(verify.RESULTS, row, strict=True)) for row in verify.recompute(folder)["results"]]


def test_equal_units_share_a_rank_and_the_next_is_skipped(tmp_path: Path) -> None:
    rows = units_by_statistics(tmp_path, {"d": "10", "c": "20", "b": "20", "a": "5", "e": "30"}, {})
    assert [(row["unit"], row["rank"]) for row in rows] == [
        ("e", "1"),
        ("b", "2"),
        ("c", "2"),
        ("d", "4"),
        ("a", "5"),
    ]


def test_units_shown_alike_are_ranked_on_exact_figures(tmp_path: Path) -> None:
    rows = units_by_statistics(tmp_path, {"a": "90.01", "b": "90.02"}, {}, decimals=1)
    assert [(row["unit"], row["rank"], row["index"]) for row in rows] == [
        ("b", "1", "90.0"),
        ("a", "2", "90.0"),
    ]


def test_bonus_and_penalty_are_capped_and_the_index_at_100_above_only(tmp_path: Path) -> None:
    given = [("a", "bonus", "2"), ("a", "bonus", "2"), ("b", "penalty", "9"), ("c", "penalty", "0.004")]
    rows = units_by_statistics(
        tmp_path,
        {"a": "98", "b": "1", "c": "50"},
        {"adjustments": [{"unit": code, "kind": kind, "points": points} for code, kind, points in given]},
    )
    assert [(row["points"], row["index"], row["bonus"], row["penalty"]) for row in rows] == [
        ("101.00", "100.00", "3.00", "0.00"),
        ("50.00", "50.00", "0.00", "0.00"),
        ("-1.50", "-1.50", "0.00", "2.50"),
    ]
    assert rows[2]["classification"] == ""


def test_classes_are_by_the_exact_or_the_shown_index(tmp_path: Path) -> None:
    points = {"a": "80", "b": "79.95", "c": "79.94"}
    for basis, classes in (("exact", ["Tốt", "Khá", "Khá"]), ("shown", ["Tốt", "Tốt", "Khá"])):
        rows = units_by_statistics(tmp_path, points, {}, decimals=1, classify_on=basis)
        assert [row["classification"] for row in rows] == classes


def test_unranked_units_follow_by_unit_and_unscored_ones_are_left_out(tmp_path: Path) -> None:
    units = [
        made.unit("b", ranked="no"),
        made.unit("a", ranked="no"),
        made.unit("c"),
        made.unit("d", scored="no"),
    ]
    rows = units_by_statistics(tmp_path, {"a": "99", "b": "98", "c": "1"}, {"units": units})
    assert [(row["unit"], row["rank"], row["ranked"]) for row in rows] == [
        ("c", "1", "yes"),
        ("a", "", "no"),
        ("b", "", "no"),
    ]


def test_changes_against_last_year(tmp_path: Path) -> None:
    units = [
        made.unit("a"),
        made.unit("b"),
        made.unit("c", ranked="no"),
        made.unit("d"),
        made.unit("e", predecessors="x"),
    ]
    previous = [
        {"unit": "a", "index": "100.006", "rank": "5"},
        {"unit": "b", "bloc": "huyen", "index": "1.005", "rank": "1"},
        {"unit": "c", "bloc": "so", "index": "50.004", "rank": "1"},
        {"unit": "d", "rank": "1"},
        {"unit": "e", "bloc": "so", "index": "1", "rank": "1"},
    ]
    points = {"a": "100", "b": "60", "c": "50", "d": "40", "e": "30"}
    rows = units_by_statistics(tmp_path, points, {"units": units, "previous": previous})
    found = {
        row["unit"]: [
            row["comparable"],
            row["previous_index"],
            row["index_change"],
            row["previous_rank"],
            row["rank_change"],
        ]
        for row in rows
    }
    assert found == {
        "a": ["yes", "100.01", "-0.01", "5", "4"],
        "b": ["yes", "1.01", "59.00", "1", ""],
        "c": ["yes", "50.00", "0.00", "1", ""],
        "d": ["no", "", "", "", ""],
        "e": ["no", "", "", "", ""],
    }


def test_blocs_come_in_the_order_of_the_cycle_and_are_ranked_apart(tmp_path: Path) -> None:
    blocs: list[dict[str, Any]] = [{"key": key, "name": key, "framework": "bo-so", "bands": []} for key in ("xa", "so")]
    units = [made.unit("a"), made.unit("b", bloc="xa"), made.unit("c", bloc="xa")]
    rows = units_by_statistics(tmp_path, {"a": "9", "b": "7", "c": "8"}, {"units": units}, blocs=blocs)
    assert [(row["unit"], row["bloc"], row["rank"]) for row in rows] == [
        ("c", "xa", "1"),
        ("b", "xa", "2"),
        ("a", "so", "1"),
    ]


# ------------------------------------------------------ inputs that could never have been published

ONE = {"unit": "so-a", "code": "1.1"}
WRONG_INPUTS: list[tuple[dict[str, Any], dict[str, list[Given]], str]] = [
    ({"kind": "pass_fail"}, at_11([YES], []), "an appraisal leaf has no mark"),
    ({"kind": "pass_fail"}, at_11([], [AGREE]), "an appraisal leaf has no mark"),
    ({"kind": "pass_fail"}, at_11([YES], [{**AGREE, "round": "3"}]), "round not 1 or 2"),
    ({"kind": "pass_fail"}, at_11([YES], [{**AGREE, **YES}]), "exactly one of"),
    ({"kind": "pass_fail"}, at_11([YES], [{}]), "exactly one of"),
    ({"kind": "pass_fail"}, at_11([YES], [{**YES, "value": "1"}]), "exactly one of"),
    ({"kind": "pass_fail"}, at_11([YES], [NO]), "gives no reason"),
    ({"kind": "pass_fail"}, at_11([YES], [{"not_applicable": "yes"}]), "gives no reason"),
    ({"kind": "pass_fail"}, at_11([YES], [AGREE, AGREE]), "row stands twice"),
    ({"kind": "pass_fail"}, at_11([YES, YES], [AGREE]), "row stands twice"),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE, {**NO, "appraiser": "td2", "reason": "x"}]),
        "different points",
    ),
    ({"kind": "pass_fail"}, at_11([YES], [{**AGREE, "appraiser": "lạ"}]), "not charged"),
    ({"kind": "pass_fail"}, at_11([YES], [{**CORRECTED, "round": "1"}]), "a correction is a mark of round 2"),
    (
        {"kind": "pass_fail"},
        at_11([YES], [{**CORRECTED, "correction": "0"}]),
        "a correction is a mark of round 2",
    ),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], responsibilities=[{**made.APPRAISER, "unit": "so-a"}]),
        "own unit",
    ),
    ({"kind": "pass_fail"}, at_11([{**YES, "points": "1.9"}], [AGREE]), "claimed points differ"),
    ({"kind": "pass_fail"}, at_11([{"met": "có"}], [AGREE]), "value not allowed"),
    (RATIO, at_11([{"numerator": "1"}], [AGREE]), "inputs of the rule incomplete"),
    (RATIO, at_11([made.ratio("1", "0")], [AGREE]), "denominator 0"),
    (RATIO, at_11([made.ratio("-1", "2")], [AGREE]), "number too small"),
    (RATIO, at_11([made.ratio("1e3", "2")], [AGREE]), "not a canonical number"),
    (RATIO, at_11([made.ratio("1.0", "2")], [AGREE]), "not a canonical number"),
    (RATIO, at_11([made.ratio("9" * 16, "2")], [AGREE]), "not a canonical number"),
    (RATIO, at_11([made.ratio("\u0661", "2")], [AGREE]), "not a canonical number"),
    (DEDUCT, at_11([{"count": "1.5"}], [AGREE]), "not a whole number"),
    ({"kind": "judgement"}, at_11([{"points": "2.00001"}], [AGREE]), "outside 0..maximum"),
    ({"kind": "judgement"}, at_11([{"points": "-0.1"}], [AGREE]), "outside 0..maximum"),
    (CHOICE, at_11([{"option": "?"}], [AGREE]), "value not allowed"),
    (
        {"kind": "tiers", "tiers": [{"at_least": "1", "points": "2", "linear_from": "1"}]},
        at_11([{"value": "1"}], [AGREE]),
        "linear_from on the highest tier",
    ),
    ({"kind": "magic"}, at_11([YES], [AGREE]), "rule.kind"),
    ({"kind": "pass_fail"}, at_11([YES], [AGREE], statistics=[]), "statistics row missing"),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], claims=[{"unit": "so-z", "code": "1.1"}]),
        "unit not in units.csv",
    ),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], exemptions=[{"unit": "so-a", "code": "7"}]),
        "no such code",
    ),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], marks=[{"unit": "so-a", "code": "1.9"}]),
        "no appraisal leaf",
    ),
    ({"kind": "pass_fail"}, at_11([YES], [AGREE], evidence=evidence("photo", "")), "value not allowed"),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], adjustments=[{"unit": "so-a", "kind": "gift", "points": "1"}]),
        "value not allowed",
    ),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], adjustments=[{"unit": "so-a", "kind": "bonus", "points": "0"}]),
        "must be positive",
    ),
    ({"kind": "pass_fail"}, at_11([{**YES, "explanation": "=1+1"}], [AGREE]), "a cell like a formula"),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], exemptions=[{**ONE, "code": "1", "reason": "x"}]),
        "no leaf applies",
    ),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], units=[made.unit("so-a"), made.unit("so-a")]),
        "row stands twice",
    ),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], units=[made.unit("so-a", ranked="?")]),
        "value not allowed",
    ),
    ({"kind": "pass_fail"}, at_11([YES], [AGREE], units=[made.unit("so-a", bloc="?")]), "value not allowed"),
    (
        {"kind": "pass_fail"},
        at_11([YES], [AGREE], units=[made.unit("so-a", published="no")]),
        "does not belong here",
    ),
]


@pytest.mark.parametrize(("rule", "tables", "said"), WRONG_INPUTS)
def test_inputs_that_break_a_rule_are_named(
    tmp_path: Path, rule: dict[str, Any], tables: dict[str, list[Given]], said: str
) -> None:
    with pytest.raises(verify.Failure, match=said):
        row_of_leaf(tmp_path, made.leaf("1.1", "2", rule), tables)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"survey_counts": [{**ONE, "group": "dan", "question": "q1", "option": "A", "count": "2"}]},
            "not one per",
        ),
        (
            {"survey_counts": [{**ONE, "group": "dan", "question": "q9", "option": "A", "count": "1"}]},
            "not allowed",
        ),
        (
            {"survey_counts": [{**ONE, "group": "dan", "question": "q1", "option": "Z", "count": "1"}]},
            "not allowed",
        ),
        ({"survey_valid": [{**ONE, "group": "ai", "valid": "1"}]}, "not allowed"),
        ({"survey_valid": [{**ONE, "group": "dan", "valid": "-1"}]}, "not a whole number"),
    ],
)
def test_survey_counts_must_be_consistent(tmp_path: Path, more: dict[str, list[Given]], said: str) -> None:
    leaf = made.leaf("1.1", "2", survey_rule(), source="survey")
    with pytest.raises(verify.Failure, match=said):
        row_of_leaf(tmp_path, leaf, {**counted(dan={"A": 1}), **more})


def test_a_survey_leaf_is_never_published_without_a_survey(tmp_path: Path) -> None:
    leaf = made.leaf("1.1", "2", survey_rule(), source="survey")
    with pytest.raises(verify.Failure, match="without a survey"):
        row_of_leaf(tmp_path, leaf, {}, survey_present=False)
    exempt = [{**ONE, "reason": "Không phục vụ dân"}]
    assert row_of_leaf(tmp_path, leaf, {"exemptions": exempt}, survey_present=False)[-1] == "Không phục vụ dân"


def broken_leaf(**changes: Any) -> dict[str, Any]:
    leaf = {**made.leaf("1.1", "2", survey_rule(), source="survey"), **changes}
    return dict(made.framework("bo-so", [leaf]))


BROKEN_FRAMEWORKS: list[tuple[dict[str, Any], str]] = [
    ({**broken_leaf(), "leaf_decimals": 16}, "decimals outside 0..15"),
    ({**broken_leaf(), "leaf_decimals": -1}, "decimals outside 0..15"),
    ({**broken_leaf(), "leaf_decimals": "5"}, "leaf_decimals"),
    (broken_leaf(evidence="maybe"), "value not allowed"),
    (broken_leaf(source="appraisal", evidence=None, rule={"kind": "pass_fail"}), "evidence"),
    (broken_leaf(source="magic"), "value not allowed"),
    (broken_leaf(code="1"), "the code stands twice"),
    (broken_leaf(maximum="-1"), "number too small"),
    (broken_leaf(maximum=2), "maximum"),
    (broken_leaf(rule={"kind": "judgement"}), "rule.kind"),
    (broken_leaf(rule=survey_rule(questions=[])), "no valid questions"),
    (broken_leaf(rule=survey_rule(questions=["q1", ["q2"]])), "no valid questions"),
    (broken_leaf(rule=survey_rule(group_weights={"dan": "-1"})), "number too small"),
    (broken_leaf(rule=survey_rule(on_shortfall="zero")), "value not allowed"),
    (broken_leaf(source="statistics", rule=None, name=None), "statistics row missing"),
]


@pytest.mark.parametrize(("tree", "said"), BROKEN_FRAMEWORKS)
def test_a_framework_that_cannot_be_is_named(tmp_path: Path, tree: dict[str, Any], said: str) -> None:
    made.write_inputs(tmp_path, tree, {})
    with pytest.raises(verify.Failure, match=said):
        verify.recompute(tmp_path)


def test_a_framework_under_another_name_is_found(tmp_path: Path) -> None:
    made.write_inputs(tmp_path, broken_leaf(), {})
    made.write_json(tmp_path / "inputs/frameworks/bo-so.json", {**broken_leaf(), "id": "bo-khac"})
    with pytest.raises(verify.Failure, match="id differs from the file's name"):
        verify.recompute(tmp_path)


BAND = {"name": "Tốt", "floor": "80"}
BLOC = {"key": "so", "name": "Sở", "framework": "bo-so"}


@pytest.mark.parametrize(
    ("cycle", "said"),
    [
        ({"decimals": 16}, "decimals outside 0..15"),
        ({"survey_present": "yes"}, "survey_present"),
        ({"missing_evidence": "ask"}, "value not allowed"),
        ({"classify_on": "mood"}, "value not allowed"),
        ({"blocs": [{**BLOC, "bands": [BAND, {"name": "Khá", "floor": "90"}]}]}, "floors do not descend"),
        ({"blocs": [{**BLOC, "bands": [BAND, BAND]}]}, "floors do not descend"),
        ({"blocs": [{**BLOC, "bands": []}, {**BLOC, "bands": []}]}, "bloc stands twice"),
        ({"blocs": [{**BLOC, "framework": "../x", "bands": []}]}, "file missing"),
    ],
)
def test_cycle_settings_that_cannot_be_are_named(tmp_path: Path, cycle: dict[str, Any], said: str) -> None:
    made.write_inputs(tmp_path, broken_leaf(), {}, **cycle)
    with pytest.raises(verify.Failure, match=said):
        verify.recompute(tmp_path)


def test_a_unit_without_code_is_found(tmp_path: Path) -> None:
    made.write_inputs(tmp_path, broken_leaf(), {"units": [made.unit("")]})
    with pytest.raises(verify.Failure, match="unit without code"):
        verify.recompute(tmp_path)


def test_a_row_with_a_cell_too_few_is_found(bundle: Path) -> None:
    change(bundle / "inputs/previous.csv", ",2,bo-cu", ",2")
    with pytest.raises(verify.Failure, match="wrong number of cells"):
        verify.recompute(bundle)


def test_the_settings_and_the_manifest_are_of_one_cycle(bundle: Path) -> None:
    change(bundle / "inputs/cycle.json", '"id": "thu-2024"', '"id": "ky-khac"')
    made.seal(bundle)
    assert "inputs/cycle.json: id" in fault(bundle)


def test_findings_keep_their_columns(bundle: Path) -> None:
    change(bundle / "findings.csv", "unit,step", "step,unit")
    made.seal(bundle)
    assert "findings.csv: dòng tiêu đề khác" in fault(bundle)


RECEIVED = {"path": "a", "sha256": "b", "size": 1}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", "1"),
        ("version", True),
        ("published_at", None),
        ("published_by", 5),
        ("software", {"version": "1"}),
        ("software", {"digest": "1"}),
        ("received", [{**RECEIVED, "path": 1}]),
        ("received", [{**RECEIVED, "sha256": None}]),
        ("received", [{**RECEIVED, "size": "1"}]),
    ],
)
def test_a_manifest_that_lacks_what_it_must_say_is_found(bundle: Path, key: str, value: Any) -> None:
    made.seal(bundle, **{key: value})
    said = fault(bundle)
    assert said.startswith(f"manifest.json: {key}: ")
    assert "thiếu hoặc sai kiểu" in said


def test_an_event_without_its_time_is_found(bundle: Path) -> None:
    events = read_events(bundle)
    events[0]["at"] = 20250101
    relink(events)
    made.write_lines(bundle / "audit.jsonl", events)
    made.seal(bundle)
    assert "dòng/line 1: at: thiếu hoặc sai kiểu" in fault(bundle)


def test_what_cannot_be_read_has_not_passed(
    bundle: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_disk(export: Any, name: str) -> bytes:
        raise OSError(f"đĩa hỏng: {name}")

    monkeypatch.setattr(verify.Export, "read", broken_disk)
    assert verify.main([str(bundle)]) == 5
    assert "cannot be read: OSError: đĩa hỏng: manifest.json" in capsys.readouterr().err


def test_help_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main(["--help"]) == 0
    assert "usage" in capsys.readouterr().out


# ------------------------------------------------------ malformed on purpose: a Failure, never a traceback

ODD_VALUES: list[Any] = [None, True, -1, 10**30, 0.5, "", "x", "9" * 50, [], {}, ["x"], {"x": "y"}]


def odd_variants(value: Any) -> Iterator[Any]:
    """The JSON value with one node at a time replaced, dropped or doubled."""
    yield from ODD_VALUES
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
        yield [*value, *value]
    for key, inner in items:
        for odd in odd_variants(inner):
            changed = copy.copy(value)
            changed[key] = odd
            yield changed
        changed = copy.copy(value)
        del changed[key]
        yield changed


def ends_well(folder: Path) -> None:
    with suppress(verify.Failure):
        verify.verify(folder)
    with suppress(verify.Failure):
        verify.recompute(folder)


@pytest.mark.parametrize("name", ["inputs/cycle.json", "inputs/frameworks/bo-so.json"])
def test_odd_settings_never_end_in_a_traceback(bundle: Path, name: str) -> None:
    for odd in odd_variants(json.loads((bundle / name).read_text(encoding="utf-8"))):
        made.write_json(bundle / name, odd)
        with suppress(verify.Failure):
            verify.recompute(bundle)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.sig", "annex/manifest.json"])
def test_odd_manifests_never_end_in_a_traceback(with_annex: Path, name: str) -> None:
    sign(with_annex)
    value = json.loads((with_annex / name).read_text(encoding="utf-8"))
    if "files" in value:
        value["files"] = dict(list(value["files"].items())[:2])
    for odd in odd_variants(value):
        made.write_json(with_annex / name, odd)
        if name == "manifest.json":
            digest = made.hexdigest((with_annex / name).read_bytes())
            (with_annex / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
        assert fault(with_annex)


@pytest.mark.parametrize("name", ["audit.jsonl", "annex/audit_contents.jsonl"])
def test_odd_events_never_end_in_a_traceback(with_annex: Path, name: str) -> None:
    lines = [json.loads(line) for line in (with_annex / name).read_bytes().splitlines()]
    head = {"events": 4, "head": read_events(with_annex)[-1]["digest"]}
    for odd in odd_variants(lines[:2]):
        if isinstance(odd, list):
            made.write_lines(with_annex / name, odd)
            made_seal_raw(with_annex, head)
            ends_well(with_annex)


def test_odd_cells_never_end_in_a_traceback(with_annex: Path) -> None:
    for path in sorted((with_annex / "annex/inputs").glob("*.csv")) + sorted((with_annex / "inputs").glob("*.csv")):
        data = path.read_bytes()
        rows = list(csv.reader(io.StringIO(data.decode())))
        for j in range(len(rows[0])):
            for odd in ("", "x", "-1", "9" * 50, "'=1", "\x00", "0"):
                changed = [list(one) for one in rows]
                changed[-1][j] = odd
                path.write_bytes("".join(made.line(one) for one in changed).encode())
                with suppress(verify.Failure):
                    verify.recompute(with_annex)
        path.write_bytes(data)


def test_random_bytes_never_end_in_a_traceback(with_annex: Path) -> None:
    chance = random.Random(2024)
    paths = [path for path in files_of(with_annex) if path.suffix in (".csv", ".json", ".jsonl")]
    for _ in range(300):
        path = chance.choice(paths)
        data = bytearray(path.read_bytes())
        keep = bytes(data)
        for _ in range(chance.randint(1, 4)):
            where = chance.randrange(len(data) + 1)
            data[where : where + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
        path.write_bytes(bytes(data))
        ends_well(with_annex)
        path.write_bytes(keep)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "9" * 100_000,
        '"\\ud800"',
        '{"a":1,"a":1}',
        "1e999",
        "\ufeff{}",
        "",
        "null",
    ],
)
def test_hostile_json_is_named(bundle: Path, text: str) -> None:
    for name in ("inputs/cycle.json", "inputs/frameworks/bo-so.json"):
        keep = (bundle / name).read_bytes()
        (bundle / name).write_bytes(text.encode() + b"\n")
        made.seal(bundle)
        assert name in fault(bundle)
        (bundle / name).write_bytes(keep)
    made.seal(bundle)
    (bundle / "manifest.json").write_bytes(text.encode() + b"\n")
    digest = made.hexdigest((bundle / "manifest.json").read_bytes())
    (bundle / "manifest.sha256").write_text(f"{digest}  manifest.json\n")
    assert verify.main([str(bundle)]) == 5
