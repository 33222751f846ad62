"""The cycle folder as it comes: names as other systems write them, nothing outside it, on disk and on S3."""

from __future__ import annotations

import io
import os
import tempfile
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from models.rules.errors import PersonError, Refused, StepFailed, WrongCall
from models.storage.cycle_folder import CycleFolder, Entry, evidence_path
from models.storage.inbox import MOST_DOCUMENT_BYTES, MOST_FORM_BYTES, Inbox, digest_of, read_inboxes, take_documents
from models.storage.local_vault import LocalVault
from models.storage.s3 import S3Place
from models.storage.settings import Settings
from models.storage.vault import open_vault

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
    left = [".DS_Store", "Thumbs.db", "THUMBS.DB", "Desktop.ini", "~$self_assessment.xlsx", ".git/config"]
    left += [".~lock.self_assessment.xlsx#", "__MACOSX/._self_assessment.csv"]
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
    (tmp_path / "c/inbox/c").symlink_to("a")
    paths(place)
    assert [fault.check for fault in place.faults_below("inbox/c")] == ["path-not-a-file"]
    assert place.find("inbox/a/link.pdf") is None


def test_links_may_not_leave_a_units_own_evidence_nor_a_partys_folder(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"inbox/a/evidence/x.pdf": "x", "inbox/b/evidence.csv": "y", "units.csv": "z"})
    inside = tmp_path / "inbox/a/evidence"
    for name, target in (
        ("own.pdf", "x.pdf"),
        ("form.csv", "../../b/evidence.csv"),
        ("units.csv", "../../../units.csv"),
    ):
        (inside / name).symlink_to(target)
    (tmp_path / "inbox/a/evidence.csv").symlink_to("../b/evidence.csv")
    assert paths(place, "inbox") == ["inbox/a/evidence/own.pdf", "inbox/a/evidence/x.pdf", "inbox/b/evidence.csv"]
    assert [fault.location for fault in place.faults] == [
        "inbox/a/evidence.csv", "inbox/a/evidence/form.csv", "inbox/a/evidence/units.csv"
    ]  # fmt: skip


def test_links_that_go_round_or_nowhere_are_told(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"inbox/a/evidence.csv": "x"})
    (tmp_path / "inbox/a/round.pdf").symlink_to("round.pdf")
    (tmp_path / "inbox/a/gone.pdf").symlink_to("nowhere.pdf")
    assert paths(place) == ["inbox/a/evidence.csv"]
    assert [fault.location for fault in place.faults] == ["inbox/a/gone.pdf", "inbox/a/round.pdf"]
    assert place.find("inbox/a/round.pdf") is None


def test_names_in_an_older_encoding_are_told_by_their_bytes(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"inbox/a/evidence.csv": "x"})
    older = os.fsencode(tmp_path) + "/inbox/a/Kê.pdf".encode("cp1258")
    Path(os.fsdecode(older)).write_text("y")
    found = place.list("inbox")
    assert [entry.path for entry in found] == [
        "inbox/a/Kê.pdf".encode("cp1258").decode("utf-8", "backslashreplace"),
        "inbox/a/evidence.csv",
    ]
    assert place.read_entry(found[0], 10) == b"y"
    Path(os.fsdecode(older)).unlink()
    with pytest.raises(StepFailed, match=r"K\\xea\.pdf") as told:
        place.read_entry(found[0], 10)
    str(told.value).encode()


@trying(max_examples=60)
@given(st.lists(st.binary(min_size=1, max_size=12), max_size=4))
def test_any_names_are_listed_in_order_and_can_be_written_out(names: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as base:
        (Path(base) / "inbox").mkdir()
        for name in names:
            clean = name.replace(b"/", b"_").replace(b"\0", b"_")
            if clean not in (b".", b".."):
                Path(os.fsdecode(os.fsencode(base) + b"/inbox/" + clean)).write_bytes(b"x")
        listed = CycleFolder(base, settings()).list("inbox")
        assert [entry.path for entry in listed] == sorted(entry.path for entry in listed)
        for entry in listed:
            assert entry.path.encode().decode() == unicodedata.normalize("NFC", entry.path)


def test_a_file_where_a_folder_belongs_does_not_pass_for_an_empty_one(tmp_path: Path) -> None:
    place = folder(tmp_path, appraisal="x")
    assert place.list("inbox") == []
    with pytest.raises(StepFailed, match="appraisal"):
        place.list("appraisal")


def test_a_folder_where_a_file_belongs_is_no_file(tmp_path: Path) -> None:
    place = folder(tmp_path, **{"cycle.yaml/x": "x", "inbox/a/self_assessment.csv/x": "x"})
    assert place.find("cycle.yaml") is None
    assert read(tmp_path, place).strays == ["inbox/a/self_assessment.csv/x"]


@contextmanager
def without_rights(path: Path) -> Iterator[None]:
    """Nobody may open `path`; root, who may everything, steps down meanwhile."""
    before, own = path.stat().st_mode, os.geteuid()
    path.chmod(0)
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)
        path.chmod(before)


@pytest.mark.parametrize("shut", ["inbox/a", "inbox/a/evidence.csv"])
def test_what_may_not_be_read_is_told_and_not_taken_for_absent(shut: str) -> None:
    with tempfile.TemporaryDirectory() as base:
        os.chmod(base, 0o755)
        place = folder(Path(base), **{"inbox/a/evidence.csv": "x", "inbox/b/evidence.csv": "x"})
        with without_rights(Path(base) / shut):
            assert paths(place, "inbox") == ["inbox/b/evidence.csv"]
            assert place.find("inbox/a/evidence.csv") is None
        assert ("path-unreadable", shut) in [(fault.check, fault.location) for fault in place.faults]
        assert place.faults_below("inbox/b") == []


def test_an_inbox_nobody_may_list_fails_the_step() -> None:
    with tempfile.TemporaryDirectory() as base:
        os.chmod(base, 0o755)
        place = folder(Path(base), **{"inbox/a/evidence.csv": "x"})
        with without_rights(Path(base) / "inbox"), pytest.raises(StepFailed, match="inbox"):
            place.list("inbox")


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
    (tmp_path / "round").symlink_to("round")
    (tmp_path / "file").write_text("x")
    for place in (*(str(tmp_path / name) for name in ("khong-co", "round", "file", "x" * 300, "a\0b")), ""):
        with pytest.raises(WrongCall):
            CycleFolder(place, settings())


@pytest.mark.parametrize("path", ["x" * 300, "a\0b", "x/y", "../outside"])
def test_a_name_no_file_has_is_not_found(tmp_path: Path, path: str) -> None:
    (tmp_path / "outside").write_text("x")
    assert folder(tmp_path / "c", x="x").find(path) is None


@pytest.mark.parametrize(
    ("text", "path"),
    [("a.pdf", "a.pdf"), (" ./x//a.pdf ", "x/a.pdf"), (unicodedata.normalize("NFD", "Kế.pdf"), "Kế.pdf")],
)
def test_evidence_names_are_brought_to_one_form(text: str, path: str) -> None:
    assert evidence_path(text) == path


@pytest.mark.parametrize(
    "text", ["../a.pdf", "x/../../a", "/etc/passwd", "C:\\a.pdf", "c:/a", "x\\a.pdf", "a\nb", "a\0", ".", "./"]
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
    client = server.client()
    for name, data in files.items():
        client.put_object(Bucket=bucket, Key=f"ky/{name}", Body=data)
    return CycleFolder(f"s3://{bucket}/ky", settings(PARINDEX_S3_ENDPOINT_URL=server.endpoint_url))


def test_a_bucket_reads_like_a_folder(s3_server, monkeypatch: pytest.MonkeyPatch) -> None:
    many = {f"inbox/u{n}/self_assessment.csv": b"code\n" for n in range(6)}
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


def test_some_folders_alone_are_listed_as_among_all(s3_server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one is named in pieces, is a link that leads outside, or a file, or where one begins as another."""
    files = {NFD: b"x", "inbox/a/evidence.csv": b"x", "inbox/a/evidence/x.pdf": b"x", "inbox/ab/evidence.csv": b"x"}
    files |= {"inbox/c": b"x", "appraisal/a/marks.csv": b"x"}
    for place in (on_s3(s3_server, monkeypatch, files), folder(tmp_path, **{name: "x" for name in files})):
        if not place.far:
            (tmp_path / "inbox/d").symlink_to(tempfile.gettempdir())
        every = place.list("inbox")
        for only in ({"a"}, {"sở-tư-pháp", "ab"}, {"c"}, {"d"}, {"nobody"}):
            again = CycleFolder(str(tmp_path), settings()) if not place.far else place
            told = [entry for entry in every if entry.path.split("/")[1] in only]
            assert again.list("inbox", only) == told, only
            assert place.far or again.faults == [one for one in place.faults if one.location.split("/")[1] in only]
        assert [one.path for one in place.list("", {"appraisal"})] == ["appraisal/a/marks.csv"]


def test_a_prefix_nobody_wrote_to_is_empty(s3_server, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = on_s3(s3_server, monkeypatch, {"cycle.yaml": b"x"})._place._place.bucket
    place = CycleFolder(f"s3://{bucket}/ky-khac", settings(PARINDEX_S3_ENDPOINT_URL=s3_server.endpoint_url))
    assert place.list("") == []
    assert place.find("cycle.yaml") is None


def test_the_first_question_already_tells_a_bucket_that_is_not_there(
    s3_server, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_s3(s3_server, monkeypatch, {})
    place = CycleFolder("s3://khong-co-bucket/ky", settings(PARINDEX_S3_ENDPOINT_URL=s3_server.endpoint_url))
    with pytest.raises(WrongCall, match="khong-co-bucket"):
        place.find("cycle.yaml")


def test_an_object_that_went_can_be_tried_again(s3_server, monkeypatch: pytest.MonkeyPatch) -> None:
    place = on_s3(s3_server, monkeypatch, {})
    with pytest.raises(StepFailed, match=r"inbox/a/evidence\.csv"):
        place.read_entry(Entry("inbox/a/evidence.csv", "inbox/a/evidence.csv", 1), 10)


class Answers(BaseHTTPRequestHandler):
    """Something that is no S3 server: always the same answer, but for a listing if one is set."""

    status, headers_sent, body = 200, {"Content-Length": "0"}, b""
    listing = b""
    heard: list[tuple[str, Message]] = []  # noqa: RUF012  a test that listens sets its own

    def do_GET(self) -> None:
        self.heard.append((self.command, self.headers))
        if self.listing and "list-type=2" in self.path:
            self.send_response(200)
            self.send_header("Content-Length", str(len(self.listing)))
            self.end_headers()
            self.wfile.write(self.listing)
            return
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(self.body)
        self.close_connection = True

    do_HEAD = do_PUT = do_GET

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def odd_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server whose answers a test sets on Answers; credentials that are none."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def odd(endpoint: str, place: str = "s3://kho/ky") -> Settings:
    return settings(PARINDEX_S3_ENDPOINT_URL=endpoint, PARINDEX_STORE_URL=place)


def test_a_transfer_that_was_cut_is_no_file(odd_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "headers_sent", {"Content-Length": "10"})
    monkeypatch.setattr(Answers, "body", b"abc")
    monkeypatch.setattr(Answers, "listing", b"<ListBucketResult><Name>kho</Name></ListBucketResult>")
    with pytest.raises(StepFailed, match=r"cut short.*form\.csv"):
        CycleFolder("s3://kho/ky", odd(odd_server)).read_entry(Entry("form.csv", "form.csv", 10), 100)
    with pytest.raises(StepFailed, match="kho"):
        open_vault(odd(odd_server)).get("0" * 64)


def test_an_answer_cut_in_its_head_is_no_file(odd_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "headers_sent", {})  # the length was to come
    monkeypatch.setattr(Answers, "body", b"abc")
    monkeypatch.setattr(Answers, "listing", b"<ListBucketResult><Name>kho</Name></ListBucketResult>")
    place = CycleFolder("s3://kho/ky", odd(odd_server))
    for attempt in (
        lambda: place.find("form.csv"),
        lambda: place.read_entry(Entry("form.csv", "form.csv", 10), 100),
        lambda: open_vault(odd(odd_server)).get("0" * 64),
    ):
        with pytest.raises(StepFailed, match="cut short"):
            attempt()


def test_nobody_waits_for_leave_to_send(odd_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "listing", b"<ListBucketResult><Name>kho</Name></ListBucketResult>")
    monkeypatch.setattr(Answers, "heard", [])
    open_vault(odd(odd_server)).put(b"x")
    sent = [headers for method, headers in Answers.heard if method == "PUT"]
    assert len(sent) == 1
    assert "Expect" not in sent[0]


def test_only_the_part_that_was_asked_for_need_come(odd_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Answers, "headers_sent", {"Content-Length": "10"})
    monkeypatch.setattr(Answers, "body", b"0123456789")
    monkeypatch.setattr(Answers, "listing", b"<ListBucketResult><Name>kho</Name></ListBucketResult>")
    with pytest.raises(Refused, match=r"form\.csv"):
        CycleFolder("s3://kho/ky", odd(odd_server)).read_entry(Entry("form.csv", "form.csv", 10), 4)


@pytest.mark.parametrize("status", [301, 307])
def test_a_server_that_sends_elsewhere_is_a_wrong_address(
    odd_server: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answers, "status", status)
    monkeypatch.setattr(Answers, "headers_sent", {"Location": "/login", "Content-Length": "0"})
    for attempt in (
        lambda: CycleFolder("s3://kho/ky", odd(odd_server)).find("cycle.yaml"),
        lambda: open_vault(odd(odd_server)).put(b"x"),
    ):
        with pytest.raises(WrongCall, match="PARINDEX_S3_ENDPOINT_URL"):
            attempt()


@pytest.mark.parametrize("body", [b"", b"OK", b"<html><p>Hello</html>", b"<html></html>", b"<ListBucketResult/>"])
def test_a_server_that_says_yes_to_everything_is_no_s3(
    odd_server: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answers, "headers_sent", {"Content-Length": str(len(body))})
    monkeypatch.setattr(Answers, "body", body)
    for attempt in (
        lambda: CycleFolder("s3://kho/ky", odd(odd_server)).list(""),
        lambda: open_vault(odd(odd_server)).put(b"x"),
    ):
        with pytest.raises(StepFailed, match="S3"):
            attempt()


@pytest.mark.parametrize(
    ("environ", "endpoint", "place", "said"),
    [
        ({}, "127.0.0.1:9000", "s3://kho", "PARINDEX_S3_ENDPOINT_URL"),
        ({}, "http://", "s3://kho", "PARINDEX_S3_ENDPOINT_URL"),
        ({}, "http://[::1", "s3://kho", "PARINDEX_S3_ENDPOINT_URL"),
        ({}, "http://127.0.0.1:99999", "s3://kho", "PARINDEX_S3_ENDPOINT_URL"),
        ({}, "ftp://127.0.0.1", "s3://kho", "PARINDEX_S3_ENDPOINT_URL"),
        ({"AWS_DEFAULT_REGION": "a b"}, "", "s3://kho", "AWS_DEFAULT_REGION"),
        ({"AWS_PROFILE": "khong-co"}, "", "s3://kho", "AWS_PROFILE"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, "", "s3://kho", "AWS_SECRET_ACCESS_KEY"),
        ({}, "", "s3://Kho Lưu/ky", "Kho Lưu"),
        ({}, "", "s3://kho?x/ky", "s3://bucket/prefix"),
    ],
)
def test_settings_that_cannot_be_right_are_named(
    odd_server: str, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], endpoint: str, place: str, said: str
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongCall, match=said.replace("?", r"\?")):
        CycleFolder(place, odd(endpoint or odd_server)).find("cycle.yaml")


def test_a_key_with_a_line_end_is_told_without_being_shown(odd_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "khoa\r")
    with pytest.raises(StepFailed, match="kho") as told:
        CycleFolder("s3://kho/ky", odd(odd_server)).find("cycle.yaml")
    assert "Signature" not in str(told.value)


def test_a_server_that_is_gone_fails_the_step(odd_server: str) -> None:
    with pytest.raises(StepFailed, match=r"kho.*EndpointConnectionError"):
        CycleFolder("s3://kho/ky", odd("http://127.0.0.1:9")).list("inbox")


def test_credentials_are_those_of_now(s3_server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "earlier")
    session = boto3.session.Session()
    assert session.get_credentials().access_key == "earlier"
    place = on_s3(s3_server, monkeypatch, {"cycle.yaml": b"x"})
    monkeypatch.setattr("boto3.DEFAULT_SESSION", session)
    assert place.find("cycle.yaml") is not None


@given(st.text(max_size=20))
def test_any_address_has_a_bucket_or_is_a_wrong_call(text: str) -> None:
    try:
        place = S3Place.of(f"s3://{text}")
    except WrongCall:
        assert text.partition("/")[0] == ""
        return
    assert place.bucket
    assert place.key("x").endswith("x")
    assert not place.key("x").startswith("/")


def read(base: Path, place: CycleFolder, unit: str = "a") -> Inbox:
    return read_inboxes(place, LocalVault(base / "vault"), [(unit, place.list(f"inbox/{unit}"))])[0]


def inbox(base: Path, **files: bytes) -> Inbox:
    """Unit a's inbox with these files; __ stands for the folder's /."""
    for name, data in files.items():
        path = base / "cycle/inbox/a" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return read(base, CycleFolder(str(base / "cycle"), settings()))


EVIDENCE = b"code,document_number,issuer,issued_on,file\n"


@pytest.mark.parametrize(
    ("data", "columns", "cells"),
    [
        (b"\xef\xbb\xbfcode,value\r\n1.10,5\r\n", ["code", "value"], [["1.10", "5"]]),
        (
            b'code,value\n1,"1,5"\n2,"1.234,5"\n3,1 234\n',
            ["code", "value"],
            [["1", "1,5"], ["2", "1.234,5"], ["3", "1 234"]],
        ),
        (b"code;value\n1;5\n", ["code;value"], [["1;5"]]),
        (b"code,mau\n1,x\n", ["code", "mau"], [["1", "x"]]),
        (b" code ,value\n 1 ,\xc2\xa05\n", ["code", "value"], [[" 1 ", "\u00a05"]]),
        (b'code,reason\n1,"a\r\nb"\n', ["code", "reason"], [["1", "a\nb"]]),
        (unicodedata.normalize("NFD", "code,reason\n1,Đã có\n").encode(), ["code", "reason"], [["1", "Đã có"]]),
        (b"code,value\n", ["code", "value"], []),
    ],
)
def test_a_form_is_taken_as_it_is_written(
    tmp_path: Path, data: bytes, columns: list[str], cells: list[list[str]]
) -> None:
    form = inbox(tmp_path, **{"self_assessment.csv": data, "evidence.csv": EVIDENCE}).form
    assert form.faults == []
    assert form.tables[0].columns == columns
    assert form.tables[0].frame.to_numpy().tolist() == cells


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b"", "file-empty"),
        ("code,reason\n1,Đúng\n".encode("cp1258"), "csv-not-utf8"),
        (b"code\n1\0\n", "csv-not-utf8"),
        (b"code,met\n1\n", "csv-ragged-row"),
        (b"code,code\n1,1\n", "column-duplicate"),
        (b'code\n"1\n', "csv-unreadable"),
        (b"code\n" + b"1" * 140_000, "csv-unreadable"),
    ],
)
def test_a_form_nobody_can_read_is_kept_and_told_to_its_unit(tmp_path: Path, data: bytes, check: str) -> None:
    form = inbox(tmp_path, **{"self_assessment.csv": data, "evidence.csv": EVIDENCE}).form
    assert {(fault.check, fault.unit) for fault in form.faults} == {(check, "a")}
    assert LocalVault(tmp_path / "vault").get(form.files[0].sha256) == data


@pytest.mark.parametrize(
    ("names", "checks"),
    [
        ([], []),
        (["explanations.csv"], []),
        (["self_assessment.csv"], ["form-incomplete"]),
        (["self_assessment.csv", "evidence.csv"], []),
        (["self_assessment.xlsx"], []),
        (["self_assessment.xlsx", "evidence.csv"], ["both-spellings"]),
        (["self_assessment.xlsx", "self_assessment.csv", "evidence.csv"], ["both-spellings"]),
    ],
)
def test_which_files_make_a_form(tmp_path: Path, names: list[str], checks: list[str]) -> None:
    data = {name: workbook() if name.endswith("xlsx") else EVIDENCE for name in names}
    found = inbox(tmp_path, **data, evidence__x=b"x")
    assert [fault.check for fault in found.form.faults] == checks
    assert found.form.came == any("self" in name for name in names)
    assert found.explanations.came == ("explanations.csv" in names)
    assert (found.strays, list(found.documents)) == ([], ["x"])


def test_a_form_spelt_otherwise_is_a_stray(tmp_path: Path) -> None:
    found = inbox(tmp_path, **{"Self_Assessment.XLSX": workbook(), "self_assessment (1).csv": b"x"})
    assert not found.form.came
    assert found.strays == ["inbox/a/Self_Assessment.XLSX", "inbox/a/self_assessment (1).csv"]


def workbook(title: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Mã", "Điểm"])
    book.active.append(["1.1", "2"])
    book.properties.title = title or None
    book.save(out)
    return out.getvalue()


def test_a_workbooks_title_is_kept(tmp_path: Path) -> None:
    assert inbox(tmp_path, **{"self_assessment.xlsx": workbook("ky / b / bo")}).form.title == "ky / b / bo"


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    found = inbox(
        tmp_path,
        **{"self_assessment.csv": b"", "evidence.csv": EVIDENCE, "evidence__x.pdf": b"", "evidence__y.pdf": b"y"},
    )
    for name, most in (("self_assessment.csv", MOST_FORM_BYTES), ("evidence/x.pdf", MOST_DOCUMENT_BYTES)):
        os.truncate(tmp_path / "cycle/inbox/a" / name, most + 1)  # sparse: takes no room
    place = CycleFolder(str(tmp_path / "cycle"), settings())
    found = read(tmp_path, place)
    assert [fault.check for fault in found.form.faults] == ["form-too-large"]
    wanted = {"a": (found.documents, ["x.pdf", "y.pdf", "nicht.pdf", "Y.pdf"])}
    taken = take_documents(place, LocalVault(tmp_path / "vault"), wanted)["a"]
    assert {name: bool(one.sha256) for name, one in taken.items()} == {"x.pdf": False, "y.pdf": True}


def test_the_digest_of_a_form_does_not_depend_on_the_order_of_its_files(tmp_path: Path) -> None:
    files = inbox(tmp_path, **{"self_assessment.csv": b"code\n", "evidence.csv": EVIDENCE}).form.files
    assert digest_of(files) == digest_of(files[::-1])
    assert digest_of(files) != digest_of(files[:1])
    assert digest_of(files) != digest_of(files, "x")


FORMS = ("self_assessment.csv", "self_assessment.xlsx", "explanations.csv")
SEEDS = (workbook(), EVIDENCE + b'1,"2\n",x,2020-01-01,a.pdf\n', "code,text\n1,Đã có\n".encode("utf-16"), b"")


@trying(max_examples=80)
@given(
    st.sampled_from(FORMS),
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 9999), st.binary(max_size=4)), max_size=5),
)
def test_any_form_is_read_or_refused(name: str, seed: bytes, changes: list[tuple[int, bytes]]) -> None:
    for at, piece in changes:
        at %= len(seed) + 1
        seed = seed[:at] + piece + seed[at + len(piece) :]
    with tempfile.TemporaryDirectory() as base:
        found = inbox(Path(base), **{name: seed})
    for form in (found.form, found.explanations):
        assert form.came == bool(form.files)
        assert not form.came or form.tables or form.faults or name.endswith("xlsx")  # a workbook may hold no table
