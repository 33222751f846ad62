"""What one command costs, with everything it starts: wall and CPU time, memory, bytes written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

EVERY = 0.05  # seconds between two looks at the memory
MIB = 2**20


@dataclass
class Memory:
    """Peaks in MiB: of the command's own process, of any process it started, and of all of them together."""

    pid: int
    own: float = 0.0
    others: float = 0.0
    together: float = 0.0
    _stopped: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look again and again until `stop`."""
        while not self._stopped.wait(EVERY):
            self.look()

    def look(self) -> None:
        """One look at /proc. A process that ends meanwhile is left out."""
        resident = [(pid, _resident(pid)) for pid in family(self.pid)]
        self.own = max(self.own, *(mib for pid, mib in resident if pid == self.pid), 0.0)
        self.others = max(self.others, *(mib for pid, mib in resident if pid != self.pid), 0.0)
        self.together = max(self.together, sum(mib for _, mib in resident))

    def stop(self) -> None:
        """No further look."""
        self._stopped.set()


def family(pid: int) -> list[int]:
    """A process and all it started that still run."""
    found, ahead = list[int](), [pid]
    while ahead:
        one = ahead.pop()
        found.append(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                ahead += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
        except OSError:
            continue
    return found


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MIB
    except (OSError, IndexError):
        return 0.0


def measured(command: Sequence[str], environ: Mapping[str, str]) -> dict[str, float]:
    """Run a command to its end; ends this program with what it said where it fails.

    cpu_s and disk_mib count what it started and waited for too; disk_mib is what was sent to the disk (0 on a disk
    in memory), as the kernel accounts for it.
    """
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, env=environ, stdout=said, stderr=subprocess.STDOUT)
        memory = Memory(process.pid)
        watcher = threading.Thread(target=memory.watch, daemon=True)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        memory.stop()
        watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{said.read().decode(errors='replace')[-3000:]}")
    return {
        "wall_s": wall,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": memory.together,
        "peak_own_mib": memory.own,
        "peak_child_mib": memory.others,
        "disk_mib": usage.ru_oublock * 512 / MIB,
    }


def kept(folder: Path) -> float:
    """MiB of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MIB
