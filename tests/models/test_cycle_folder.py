"""The cycle folder as it comes: names as other systems write them, nothing outside it, on disk and on S3."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.errors import PersonError, Refused, StepFailed, WrongCall
from models.storage.cycle_folder import CycleFolder, evidence_path
from models.storage.settings import Settings

NFC = "inbox/sở-tư-pháp/evidence/Kế hoạch.pdf"
NFD = unicodedata.normalize("NFD", NFC)


def settings(**environ: str) -> Settings:
    return Settings.from_environment({"PARINDEX_HOME": "/nowhere"} | environ, "x")


def folder(base: Path, **files: str) -> CycleFolder:
    for name, content in files.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return CycleFolder(str(base), settings())


def paths(place: CycleFolder, prefix: str = "") -> list[str]:
    return [entry.path for entry in place.list(prefix)]


def test_names_written_in_pieces_are_found_under_their_whole_name(tmp_path: Path) -> None:
    place = folder(tmp_path, **{NFD: "x"})
    assert paths(place) == [NFC]
    assert place.read_entry(place.list("")[0], 10) == b"x"


def test_two_spellings_of_one_name_are_told(tmp_path: Path) -> None:
    place = folder(tmp_path, **{NFC: "x", NFD: "y"})
    assert paths(place) == [NFC]
    assert [(fault.check, fault.location) for fault in place.faults] == [("path-duplicate", NFC)]


def test_what_systems_leave_behind_is_passed_over(tmp_path: Path) -> None:
    left = [".DS_Store", "Thumbs.db", "desktop.ini", "~$self_assessment.xlsx", ".git/config"]
    place = folder(tmp_path, **{f"inbox/a/{name}": "x" for name in [*left, "self_assessment.csv"]})
    assert paths(place, "inbox") == ["inbox/a/self_assessment.csv"]


def test_links_that_lead_outside_are_told_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("x")
    place = folder(tmp_path / "c", **{"inbox/a/evidence.csv": "x"})
    (tmp_path / "c/inbox/a/link.pdf").symlink_to(secret / "key")
    (tmp_path / "c/inbox/b").symlink_to(secret)
    (tmp_path / "c/inbox/a/inside.pdf").symlink_to(tmp_path / "c/inbox/a/evidence.csv")
    assert paths(place) == ["inbox/a/evidence.csv", "inbox/a/inside.pdf"]
    assert sorted(fault.location for fault in place.faults) == ["inbox/a/link.pdf", "inbox/b"]
    assert {fault.check for fault in place.faults} == {"path-outside"}
    assert place.find("inbox/a/link.pdf") is None


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"cycle.yaml": "x"})
    os.mkfifo(tmp_path / "units.csv")
    assert paths(place) == ["cycle.yaml"]
    assert place.find("units.csv") is None


def test_a_file_that_grew_too_large_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"cycle.yaml": "12345"})
    with pytest.raises(Refused, match=r"cycle\.yaml"):
        place.read_entry(place.list("")[0], 4)


def test_a_file_that_vanished_can_be_tried_again(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"cycle.yaml": "x"})
    entry = place.list("")[0]
    (tmp_path / "cycle.yaml").unlink()
    with pytest.raises(StepFailed, match=r"cycle\.yaml"):
        place.read_entry(entry, 10)


def test_a_folder_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall):
        CycleFolder(str(tmp_path / "khong-co"), settings())


@pytest.mark.parametrize(
    ("text", "path"),
    [("a.pdf", "a.pdf"), (" ./x//a.pdf ", "x/a.pdf"), (unicodedata.normalize("NFD", "Kế.pdf"), "Kế.pdf")],
)
def test_evidence_names_are_brought_to_one_form(text: str, path: str) -> None:
    assert evidence_path(text) == path


@pytest.mark.parametrize(
    "text", ["../a.pdf", "x/../../a", "/etc/passwd", "C:\\a.pdf", "c:/a", "x\\a.pdf", "a\nb", "a\0"]
)
def test_evidence_names_that_lead_elsewhere_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        evidence_path(text)


@given(st.text(alphabet="./\\:aC đ\u0301\n", max_size=20))
def test_no_evidence_name_ever_leads_outside(text: str) -> None:
    try:
        path = evidence_path(text)
    except ValueError:
        return
    assert not path.startswith("/")
    assert os.path.normpath(f"/base/{path}").startswith("/base")


def on_s3(server, monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]) -> CycleFolder:
    server.lend_keys(monkeypatch)
    bucket = server.bucket()
    for name, data in files.items():
        server.client().put_object(Bucket=bucket, Key=f"ky/{name}", Body=data)
    return CycleFolder(f"s3://{bucket}/ky", settings(PARINDEX_S3_ENDPOINT_URL=server.endpoint_url))


def test_a_bucket_reads_like_a_folder(s3_server, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"inbox/u{n}/self_assessment.csv": b"code\n" for n in range(30)}
    place = on_s3(s3_server, monkeypatch, {"cycle.yaml": b"id: x", NFC: b"pdf", "inbox/u1/.DS_Store": b"x"} | many)
    assert paths(place, "inbox") == sorted([NFC, *many])
    found = place.find("cycle.yaml")
    assert found is not None
    assert (found.size, place.read_entry(found, 10)) == (5, b"id: x")
    assert place.find("khong-co") is None
    with pytest.raises(Refused):
        place.read_entry(found, 4)


@pytest.mark.parametrize(
    ("environ", "error", "said"),
    [
        ({"PARINDEX_S3_ENDPOINT_URL": "127.0.0.1:1"}, WrongCall, "PARINDEX_S3_ENDPOINT_URL"),
        ({"bucket": "khong-co-bucket"}, WrongCall, "khong-co-bucket"),
        ({"AWS_SECRET_ACCESS_KEY": "sai"}, WrongCall, "AWS_SECRET_ACCESS_KEY"),
    ],
)
def test_what_is_wrong_with_s3_is_said(
    s3_server, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], error: type[PersonError], said: str
) -> None:
    on_s3(s3_server, monkeypatch, {})
    given_endpoint = environ.get("PARINDEX_S3_ENDPOINT_URL", s3_server.endpoint_url)
    for name, value in environ.items():
        if name.startswith("AWS"):
            monkeypatch.setenv(name, value)
    bucket = environ.get("bucket") or s3_server.bucket()
    place = CycleFolder(f"s3://{bucket}/ky", settings(PARINDEX_S3_ENDPOINT_URL=given_endpoint))
    with pytest.raises(error, match=said):
        place.list("inbox")


def test_an_address_without_a_bucket_is_a_wrong_call() -> None:
    with pytest.raises(WrongCall, match="bucket"):
        CycleFolder("s3://", settings())
