"""Ratios against the floor, side by side in one run: wall and CPU time, peak memory, bytes written."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
SIZES = {
    "small": [(29, 60, 1_000, 5), (332, 100, 10_000, 3)],
    "full": [(29, 60, 1_000, 5), (332, 100, 10_000, 5), (3321, 100, 100_000, 5)],
}


def measured(command: list[str], environ: dict[str, str]) -> dict[str, float]:
    """Wall and CPU seconds and peak memory (MiB) of one command with its children."""
    start, before = time.perf_counter(), os.times()
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit {process.returncode}\n{said.decode()[-3000:]}")
    del before
    return {
        "wall_s": time.perf_counter() - start,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / 1024,
    }


def written(folder: Path) -> float:
    """MiB below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def prepared_prefect(home: Path) -> None:
    """Prefect makes its own database once per installation (20 s and more); that is no part of a cycle."""
    from generate import generate

    generate(home / "cycle", 2, 10, 10)
    environ = os.environ | {"PARINDEX_HOME": str(home / "first"), "PREFECT_HOME": str(home)}
    program = str(Path(sys.executable).parent / "parindex")
    subprocess.run([program, "run", str(home / "cycle")], env=environ, check=True, stdout=subprocess.DEVNULL)


def compare(prefect: Path, units: int, leaves: int, respondents: int, repeats: int) -> dict[str, object]:
    """Alternate floor and engine, check that both say the same, give medians and ratios.

    prefect: Prefect's home, prepared.
    """
    base = Path(tempfile.mkdtemp(prefix="parindex-bench-"))
    try:
        from generate import generate

        generate(base / "cycle", units, leaves, respondents)
        runs: dict[str, list[dict[str, float]]] = {"floor": [], "engine": []}
        program = str(Path(sys.executable).parent / "parindex")
        for number in range(repeats):
            home = base / f"home{number}"
            environ = os.environ | {"PARINDEX_HOME": str(home), "PREFECT_HOME": str(prefect)}
            floor = [sys.executable, str(HERE / "floor.py"), str(base / "cycle"), str(base / "floor.csv")]
            runs["floor"].append(measured(floor, environ))
            runs["engine"].append(measured([program, "run", str(base / "cycle")], environ))
            runs["engine"][-1]["written_mib"] = written(home)
            if number == 0:
                subprocess.run(
                    [program, "export", "do", "--to", str(base / "out")],
                    env=environ,
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                check(base)
            shutil.rmtree(home)
        medians = {
            who: {key: statistics.median(run[key] for run in found) for key in found[0]} for who, found in runs.items()
        }
        ratios = [e["wall_s"] / f["wall_s"] for e, f in zip(runs["engine"], runs["floor"], strict=True)]
        return {
            "units": units, "leaves": leaves, "respondents": respondents, "repeats": repeats, "medians": medians,
            "wall_ratio": {"median": statistics.median(ratios), "least": min(ratios), "most": max(ratios)},
            "cpu_ratio": medians["engine"]["cpu_s"] / medians["floor"]["cpu_s"],
        }  # fmt: skip
    finally:
        shutil.rmtree(base, ignore_errors=True)


def check(base: Path) -> None:
    """The engine's exact index and the floor's float agree to rounding, and the export verifies."""
    exact = {row["unit"]: row["index"] for row in csv.DictReader(io.StringIO((base / "out/results.csv").read_text()))}
    for row in csv.DictReader(io.StringIO((base / "floor.csv").read_text())):
        if abs(float(exact[row["unit"]]) - float(row["index"])) > 0.011:
            sys.exit(f"{row['unit']}: engine {exact[row['unit']]}, floor {row['index']}")
    subprocess.run([sys.executable, str(base / "out/verify.py")], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Run the sizes asked for; print a table and write bench.json below build/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--repeats", type=int, default=0, help="instead of the size's own")
    given, found = parser.parse_args(), []
    sys.path.insert(0, str(HERE))
    prefect = Path(tempfile.mkdtemp(prefix="parindex-bench-prefect-"))
    prepared_prefect(prefect)
    print(
        "units × leaves | floor wall s | engine wall s | wall ratio (least … most) | CPU ratio | peak MiB | written MiB"
    )
    for units, leaves, respondents, repeats in SIZES[given.size]:
        one = compare(prefect, units, leaves, respondents, given.repeats or repeats)
        found.append(one)
        floor, engine, ratio = one["medians"]["floor"], one["medians"]["engine"], one["wall_ratio"]  # type: ignore[index]
        print(
            f"{one['units']} × {one['leaves']} | {floor['wall_s']:.2f} | {engine['wall_s']:.2f} | {ratio['median']:.1f} "  # type: ignore[index]
            f"({ratio['least']:.1f} … {ratio['most']:.1f}) | {one['cpu_ratio']:.1f} | {engine['peak_mib']:.0f} | {engine['written_mib']:.1f}",  # type: ignore[index]
            flush=True,
        )
    shutil.rmtree(prefect, ignore_errors=True)
    Path("build").mkdir(exist_ok=True)
    Path("build/bench.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
