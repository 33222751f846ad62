"""The server of one command ends with it, even when the command is killed."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from servers import prefect_home

PROGRAM = """
import os, sys, time
from flows import embedded_server
embedded_server.start()
embedded_server.wait()
print(embedded_server._running[0].pid, os.environ["PREFECT_API_URL"], os.environ["PREFECT_API_SSL_CERT_FILE"], flush=True)
time.sleep(600)
"""


def test_a_killed_command_leaves_no_server_behind(tmp_path: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    command = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=environ | {"PREFECT_HOME": str(prefect_home(tmp_path))},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    pid, address, trusted = command.stdout.readline().split()
    assert len(ssl.create_default_context(cafile=trusted).get_ca_certs()) == 1  # clients of plain http read no more
    with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:
        assert answer.status == 200
    assert address.startswith("http://127.0.0.1:")
    command.send_signal(signal.SIGKILL)
    command.wait()
    for _ in range(200):
        if not _lives(int(pid)):
            return
        time.sleep(0.05)
    raise AssertionError(f"server {pid} outlived its command")


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
