"""Where an installation keeps things, and who acts, comes from the environment alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.rules.errors import WrongCall
from models.storage.settings import Settings


def test_everything_stands_below_home_unless_told_otherwise(tmp_path: Path) -> None:
    found = Settings.from_environment({"PARINDEX_HOME": str(tmp_path)}, "lan")
    assert found == Settings(
        home=tmp_path,
        database_url=f"sqlite:///{tmp_path}/parindex.sqlite",
        store_url=str(tmp_path / "store"),
        s3_endpoint_url=None,
        actor="",
        login="lan",
        signing_key=None,
    )


def test_home_is_a_hidden_folder_of_the_present_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Settings.from_environment({}, "lan").home == tmp_path / ".parindex"


def test_a_later_change_of_folder_moves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = Settings.from_environment({"PARINDEX_HOME": "here", "PARINDEX_STORE_URL": "kho/lưu"}, "lan")
    assert found.home == tmp_path / "here"
    assert found.store_url == str(tmp_path / "kho" / "lưu")


def test_every_setting_can_be_set() -> None:
    found = Settings.from_environment(
        {
            "PARINDEX_HOME": "/srv/parindex",
            "PARINDEX_DATABASE_URL": "postgresql+psycopg://u@db/p",
            "PARINDEX_STORE_URL": "s3://kho/cchc",
            "PARINDEX_S3_ENDPOINT_URL": "http://127.0.0.1:8333",
            "PARINDEX_ACTOR": "nguyen-van-a",
            "PARINDEX_SIGNING_KEY": "00" * 32,
        },
        "lan",
    )
    assert found == Settings(
        Path("/srv/parindex"),
        "postgresql+psycopg://u@db/p",
        "s3://kho/cchc",
        "http://127.0.0.1:8333",
        "nguyen-van-a",
        "lan",
        "00" * 32,
    )


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    names = ("DATABASE_URL", "STORE_URL", "S3_ENDPOINT_URL", "ACTOR", "SIGNING_KEY")
    empty = {f"PARINDEX_{name}": "" for name in names}
    home = {"PARINDEX_HOME": str(tmp_path)}
    assert Settings.from_environment(home | empty, "lan") == Settings.from_environment(home, "lan")


def test_printed_settings_show_no_secret(tmp_path: Path) -> None:
    environ = {
        "PARINDEX_HOME": str(tmp_path),
        "PARINDEX_DATABASE_URL": "postgresql+psycopg://u:bimat@db/p",
        "PARINDEX_SIGNING_KEY": "ab" * 32,
    }
    shown = repr(Settings.from_environment(environ, "lan"))
    assert "bimat" not in shown
    assert "ab" * 32 not in shown


@pytest.mark.parametrize(
    "environ",
    [
        {"PARINDEX_DATABASE_URL": "postgresql+psycopg://parindex:change-me@db.so-noi-vu.vn/parindex"},
        {"PARINDEX_DATABASE_URL": "postgresql+psycopg://parindex:@10.0.0.5/parindex"},
        {"PARINDEX_DATABASE_URL": "postgresql+psycopg://w@db/p", "PGPASSWORD": "Postgres"},
        {"PARINDEX_S3_ENDPOINT_URL": "https://s3.so-noi-vu.vn", "AWS_SECRET_ACCESS_KEY": "minioadmin"},
    ],
)
def test_a_password_everybody_knows_is_not_taken_to_another_machine(environ: dict[str, str]) -> None:
    with pytest.raises(WrongCall, match="everybody knows"):
        Settings.from_environment(environ, "lan")


@pytest.mark.parametrize(
    "environ",
    [
        {"PARINDEX_DATABASE_URL": "postgresql+psycopg://postgres:postgres@127.0.0.1:5432/parindex"},
        {"PARINDEX_DATABASE_URL": "postgresql+psycopg://postgres:@/parindex?host=/run/postgresql"},
        {"PARINDEX_DATABASE_URL": "postgresql+psycopg://w:b81f0c@db/p", "AWS_SECRET_ACCESS_KEY": "minioadmin"},
        {"PARINDEX_S3_ENDPOINT_URL": "http://localhost:8333", "AWS_SECRET_ACCESS_KEY": "minioadmin"},
    ],
)
def test_on_one_machine_passwords_are_its_own_affair(environ: dict[str, str]) -> None:
    Settings.from_environment(environ, "lan")
