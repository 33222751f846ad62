"""Disturbs whole cycles at every point and compares what is published in the end with an undisturbed run.

Each sequence starts from nothing: the year is run and killed at its point (often again, at a random one, while it
recovers), or a fault is raised there; then it is run or rerun until it is done. What is then published must be the same
bytes, and everything stored must be there exactly once. Children are forked from a process that imported everything
and talk to a Prefect server that is up, so that a sequence costs seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "chaos")]

from disturb import Points, disturbed, kill
from grounds import GROUNDS, Ground, number_of, stored

CYCLE = "nho-2020"
DIFFERS_BY_RIGHT = ("manifest.json", "manifest.sha256", "manifest.sig", "audit.jsonl")  # who and when
GROWS_BY_RIGHT = ("audit_event", "step_run", "step_batch", "step_basis", "sqlite_sequence")
PATIENCE_SECONDS = 400


@dataclass
class Tally:
    """What a harness run did and found."""

    kills: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    reruns: int = 0
    compared: int = 0
    points: int = 0
    differences: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in another's."""
        self.kills += other.kills
        self.faults += other.faults
        self.reruns += other.reruns
        self.compared += other.compared
        self.differences += other.differences

    def __str__(self) -> str:
        told = ", ".join(f"{name} {number}" for name, number in sorted(self.faults.items()))
        return (
            f"{self.points} named points; {self.kills} kills; {sum(self.faults.values())} faults injected ({told}); "
            f"{self.reruns} reruns needed; {self.compared} publications compared; {len(self.differences)} differences"
        )


@contextlib.contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """One Prefect server on loopback for all children; gives its API's address."""
    from servers import free_ports, prefect_home

    port = free_ports(1)[0]
    environ = os.environ | {"PREFECT_HOME": str(prefect_home(home)), "PREFECT_UI_ENABLED": "0", "DO_NOT_TRACK": "1"}
    command = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "critical", "--lifespan", "on"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/api"
    try:
        for _ in range(3000):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=5):
                break
            if process.poll() is not None:
                raise RuntimeError("the Prefect server ended")
            time.sleep(0.1)
        else:
            raise RuntimeError("the Prefect server did not start")
        yield address
    finally:
        process.terminate()
        process.wait(30)


def in_child(work: Callable[[], int], log: Path) -> int:
    """Do something in a forked child; gives its exit status, negative for the signal that ended it, -99 too long."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            with open(log, "a", buffering=1) as said:
                os.dup2(said.fileno(), 1)
                os.dup2(said.fileno(), 2)
                faulthandler.dump_traceback_later(PATIENCE_SECONDS - 5)  # where it hangs, before it is ended
                status = work()
        except BaseException:
            import traceback

            with open(log, "a") as said:
                traceback.print_exc(file=said)
        finally:
            os._exit(status)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return -99


@dataclass(frozen=True)
class Home:
    """One installation on some ground; what its commands say goes to the log."""

    ground: Ground
    path: Path
    log: Path

    def __call__(self, *words: str, disturbance: Points | None = None, names: Path | None = None) -> int:
        """One command line in a child, disturbed; gives its exit status, negative for the signal that ended it.

        names: receives the names of the points it passed.
        """
        environ = self.ground.environ(self.path)

        def work() -> int:
            os.environ.update(environ)
            from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

            from flows import cli

            # Heartbeats cost a second per flow; Prefect was imported before this worker had a server of its own.
            own = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_API_URL: os.environ["PREFECT_API_URL"]}
            quiet = temporary_settings(own)
            with quiet, disturbed(disturbance or Points()) as points:
                status = cli.call(list(words))
            if names is not None:
                names.write_text(json.dumps(points.names))
            return status

        return in_child(work, self.log)

    def holds(self, table: str) -> bool:
        """Whether a table has any row."""
        return number_of(self.ground, self.path, table) > 0


def published(home: Home) -> dict[str, str]:
    """SHA-256 of every exported file, by path; the export must verify."""
    to = home.path / "export"
    shutil.rmtree(to, ignore_errors=True)
    if (status := home("export", CYCLE, "--to", str(to))) != 0:
        return {"export": f"exit {status}"}
    verified = subprocess.run([sys.executable, "-I", "-B", "verify.py"], cwd=to, capture_output=True, check=False)
    found = {
        path.relative_to(to).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in to.rglob("*")
        if path.is_file() and path.name not in DIFFERS_BY_RIGHT
    }
    return found | {"verify.py exits with": str(verified.returncode)}


def state(home: Home) -> dict[str, str]:
    """Everything compared: what is published and what is stored; the audit chain must hold, no traceback be shown."""
    chain = home("audit", "verify", CYCLE)
    kept = published(home) | stored(home.ground, home.path, GROWS_BY_RIGHT)
    shown = str("Traceback (most recent call last)" in home.log.read_text(errors="replace"))
    return kept | {"audit verify exits with": str(chain), "a traceback was shown": shown}


@dataclass(frozen=True)
class Case:
    """One sequence: its place in the list of points and what is done there."""

    number: int
    at: int
    fault: str  # "" kills


def run_case(case: Case, ground: Ground, folder: Path, base: Path, reference: dict[str, str], most: int) -> Tally:
    """Disturb, recover, compare."""
    rng, tally = random.Random(case.number), Tally()
    home = Home(ground, base / f"home{case.number}", base / f"log{case.number}")
    home.path.mkdir()
    act, at, told = (ground.faults[case.fault] if case.fault else kill), case.at, [case.fault or "kill"]
    for attempt in range(12):
        words = ("run", str(folder))
        if attempt and rng.random() < 0.5 and home.holds("cycle"):
            words = ("rerun", CYCLE, "--yes", "--reason", "chaos")
        status = home(*words, disturbance=Points(at, act))
        told.append(f"{words[0]} at {at}: {status}")
        if status == -9:
            tally.kills += 1
        elif case.fault and attempt == 0:
            tally.faults[case.fault] += 1
        tally.reruns += attempt > 0
        if status == 0 and (at < 0 or words[0] == "run"):
            break
        if status not in (0, 4, -9):
            break
        if status == 4:  # nobody starts twelve runs within the two seconds a server is away
            time.sleep(0.5)
        again = not case.fault and attempt < 3 and rng.random() < 0.4
        at = rng.randrange(most) if again else -1
        if status == 0 and home.holds("publication"):
            break
    found = state(home)
    tally.compared = 1
    wrong = {key for key in {*found, *reference} if found.get(key) != reference.get(key)}
    if wrong:
        said = home.log.read_text(errors="replace")[-6000:]
        shown = "; ".join(f"{key}: {found.get(key)} instead of {reference.get(key)}" for key in sorted(wrong)[:5])
        tally.differences.append(f"case {case.number} ({' → '.join(told)}): {shown}\n{said}")
    else:
        shutil.rmtree(home.path)
        home.log.unlink()
    return tally


def cases(names: list[str], faults_known: Iterable[str], kills: int, faults: int, seed: int) -> list[Case]:
    """Kills at the points of these names, `faults` at random ones.

    First every write and commit of every step; then, as far as `kills` goes, a random choice of the many like points
    where a file is synced and linked, a request is sent or a table made. Kills beyond the points begin anew.
    """
    rng = random.Random(seed)
    writes = [at for at, name in enumerate(names) if name.startswith("sql") and "CREATE" not in name]
    others = [at for at in range(len(names)) if at not in set(writes)]
    rng.shuffle(others)
    places = writes + others if kills >= len(writes) else rng.sample(writes + others, kills)
    kinds = sorted(faults_known)
    found = [(places[n % len(places)], "") for n in range(kills)]
    found += [(rng.randrange(len(names)), kinds[n % len(kinds)]) for n in range(faults)]
    return [Case(number, at, fault) for number, (at, fault) in enumerate(found)]


def undisturbed(ground: Ground, folder: Path, base: Path) -> tuple[dict[str, str], list[str]]:
    """What an undisturbed run leaves, and the names of the points it passes."""
    home, names = Home(ground, base / "reference", base / "reference.log"), base / "points.json"
    home.path.mkdir()
    if (status := home("run", str(folder), names=names)) != 0:
        raise RuntimeError(f"undisturbed run: exit {status}\n{home.log.read_text()[-3000:]}")
    return state(home), json.loads(names.read_text())


def share(
    mine: list[Case], ground: Ground, folder: Path, base: Path, reference: dict[str, str], points: int, to: Path,
    prefect: str,
) -> int:  # fmt: skip
    """One worker's cases; each outcome is written at once, so that progress can be seen.

    prefect: a server of its own; two workers' writes on one SQLite wait for each other for minutes.
    """
    os.environ["PREFECT_API_URL"] = prefect
    with open(to, "w", buffering=1) as out:
        for case in mine:
            out.write(json.dumps(vars(run_case(case, ground, folder, base, reference, points))) + "\n")
    return 0


def disturb_cycles(kind: str, kills: int, faults: int, seed: int, workers: int) -> Tally:
    """The whole harness on one kind of ground. kills: sequences that begin with a kill; the tally counts every kill."""
    base = Path(tempfile.mkdtemp(prefix="parindex-chaos-"))
    try:
        with contextlib.ExitStack() as servers:
            addresses = [servers.enter_context(prefect_server(base / f"prefect{one}")) for one in range(workers)]
            make = servers.enter_context(GROUNDS[kind](base))
            os.environ |= {"PREFECT_HOME": str(base / "prefect0"), "PREFECT_API_URL": addresses[0]}
            os.environ["PARINDEX_ACTOR"] = "chaos"
            folder = prepared(base)
            grounds = [make() for _ in range(workers)]
            reference, names = undisturbed(grounds[0], folder, base)
            points = len(names)
            print(
                f"{grounds[0].name}: {points} points, {kills} sequences with kills, {faults} with faults, seed {seed}",
                flush=True,
            )
            every = cases(names, grounds[0].faults, kills, faults, seed)
            shares = [base / f"share{number}" for number in range(workers)]
            children = []
            for number, (ground, to, prefect) in enumerate(zip(grounds, shares, addresses, strict=True)):
                if (pid := os.fork()) == 0:
                    os._exit(share(every[number::workers], ground, folder, base, reference, points, to, prefect))
                children.append(pid)
            broken = [pid for pid in children if os.waitpid(pid, 0)[1]]
            if broken:
                raise RuntimeError("a worker of the harness broke off")
            total = Tally(points=points)
            for line in "".join(to.read_text() for to in shares).splitlines():
                given = json.loads(line)
                total.add(Tally(**(given | {"faults": Counter(given["faults"])})))
            return total
    finally:
        shutil.rmtree(base, ignore_errors=True)


def prepared(base: Path) -> Path:
    """The cycle folder, and everything imported once for all children."""
    from flows.embedded_server import prepare_engine

    prepare_engine()
    import great_expectations  # noqa: F401  seconds of import that children share
    import small_cycle

    import flows.run_year  # noqa: F401
    from flows.workplace import batches

    batches.__defaults__ = (16, 1)  # a unit a batch, so that the small cycle has several

    made = small_cycle.files()
    made["inbox/alpha/evidence/kh.pdf"] = small_cycle.pdf("Kế hoạch")
    text = str(made["inbox/alpha/evidence.csv"])
    made["inbox/alpha/evidence.csv"] = text.replace(",Kế hoạch,,", ",Kế hoạch,kh.pdf,")
    made["inbox/beta/explanations.csv"] = "code,text,file\n1.2,Đã nhân rộng,\n"
    return small_cycle.write(base / "cycle", made)


def main() -> None:
    """Disturb cycles as asked and say what came of it; exit status 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="sequences that begin with a kill")
    parser.add_argument("--faults", type=int, default=40, help="sequences that begin with a fault")
    parser.add_argument("--on", choices=sorted(GROUNDS), default="local")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    started = time.monotonic()
    tally = disturb_cycles(given.on, given.kills, given.faults, given.seed, given.workers)
    for text in tally.differences:
        print(f"DIFFERENT: {text}", file=sys.stderr)
    print(f"{tally} ({time.monotonic() - started:.0f} s, seed {given.seed})")
    sys.exit(bool(tally.differences))


if __name__ == "__main__":
    main()
