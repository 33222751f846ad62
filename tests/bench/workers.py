"""The same year by 1, 2 and 4 worker processes against one PostgreSQL: wall time, total CPU, and the same bytes."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from generate import generate
from servers import postgresql, prefect_server, worker

PROGRAM = str(Path(sys.executable).parent / "parindex")
OF_WHO_AND_WHEN = ("audit.jsonl", "manifest.json", "manifest.sha256")
SLOW_START = 5  # seconds a worker takes until it asks for work


def clients_cpu() -> float:
    """CPU seconds of every process started here that has ended: commands, workers, what workers started."""
    times = os.times()
    return times.children_user + times.children_system


def parindex(environ: dict[str, str], *words: str) -> str:
    """What a command said; ends this program where it failed."""
    done = subprocess.run([PROGRAM, *words], env=environ, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"parindex {' '.join(words)}: exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def digest(folder: Path) -> str:
    """One digest of an export, without what says who and when."""
    found = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file() and one.name not in OF_WHO_AND_WHEN):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def year(base: Path, number: int, database: str, api: dict[str, str]) -> dict[str, object]:
    """Run the folder base/cycle on `number` workers, from registering to publication."""
    home = base / f"home{number}"
    home.mkdir()
    place = {"PARINDEX_HOME": str(home), "PARINDEX_DATABASE_URL": database, "PARINDEX_WORKERS": str(number),
             "PREFECT_HOME": str(base / "prefect-of-commands"), **api}  # fmt: skip
    environ = os.environ | place
    parindex(environ, "cycle", "open", str(base / "cycle"))
    parindex(environ, "deploy")
    before = clients_cpu()
    with ExitStack() as running:
        for one in range(number):
            folder = base / f"worker{number}-{one}"
            folder.mkdir()
            running.enter_context(worker(place, folder))
        time.sleep(SLOW_START)
        start = time.perf_counter()
        parindex(environ, "run", "do", "--remote")
        wall = time.perf_counter() - start
    cpu = clients_cpu() - before
    steps: dict[str, float] = {}
    import sqlalchemy as sa

    engine = sa.create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT step, extract(epoch FROM ended_at - started_at)::float FROM step_run ORDER BY started_at")
        )
        for step, seconds in rows:
            steps[step] = steps.get(step, 0) + seconds
        hands = connection.execute(
            sa.text("SELECT count(DISTINCT split_part(taken_by, ':', 2)), count(*) FROM step_batch")
        ).one()
    engine.dispose()
    parindex(environ, "export", "do", "--to", str(home / "out"))
    return {"workers": number, "wall_s": wall, "cpu_s": cpu, "steps_s": steps, "processes": hands[0],
            "batches": hands[1], "digest": digest(home / "out")}  # fmt: skip


def main() -> None:
    """Print a line per number of workers; exit 1 where two publications differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=3321)
    parser.add_argument("--leaves", type=int, default=100)
    parser.add_argument("--responses", type=int, default=1_000_000, help="rows of responses.csv, about")
    parser.add_argument("--files", type=int, default=2, help="evidence files per unit")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    given = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="parindex-workers-") as place:
        base = Path(place)
        for name in ("prefect", "postgresql"):
            (base / name).mkdir()
        generate(base / "cycle", given.units, given.leaves, given.responses, given.files)
        with postgresql(base / "postgresql") as fresh, prefect_server(base / "prefect") as server:
            for number in given.workers:
                found.append(year(base, number, fresh(), server.environ))
                one, first = found[-1], found[0]
                print(
                    f"{number} workers · wall {one['wall_s']:.0f} s ({one['wall_s'] / first['wall_s']:.2f}) · "  # type: ignore[operator]
                    f"CPU {one['cpu_s']:.0f} s ({one['cpu_s'] / first['cpu_s']:.2f}) · "  # type: ignore[operator]
                    f"{one['processes']} processes took {one['batches']} batches · "
                    + " ".join(f"{step} {seconds:.0f}" for step, seconds in one["steps_s"].items())  # type: ignore[attr-defined]
                    + f" · {str(one['digest'])[:16]}…",
                    flush=True,
                )
    Path("build").mkdir(exist_ok=True)
    Path("build/workers.json").write_text(json.dumps(found, indent=1))
    sys.exit(len({one["digest"] for one in found}) - 1)


if __name__ == "__main__":
    main()
