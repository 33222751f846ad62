"""The Prefect server of an installation that has none: it lives as long as one command, on loopback.

Prefect can start one itself, but only once everything is imported; started first, it comes up meanwhile.
"""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from models.rules.errors import PersonError, StepFailed, WrongCall
from models.storage.settings import far

PATIENCE_SECONDS = 300  # its database is made at the first start: 20 s, on a slow disk minutes
EARLY = ("collect", "validate", "appraise", "survey", "publish", "run", "rerun")
OURS = "PARINDEX_EMBEDDED_SERVER"  # its address, for processes a command starts
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "GX_ANALYTICS_ENABLED": "false",
}
_running: list[subprocess.Popen[bytes]] = []


def silence_telemetry() -> None:
    """Nobody is called home; must run before Prefect is imported."""
    os.environ.update(QUIET)


def prepare_engine() -> None:
    """Settings Prefect reads on import: no telemetry, its own state below PARINDEX_HOME unless set otherwise;
    its server comes up while the caller imports the flows."""
    silence_telemetry()
    _check_address(os.environ.get("PREFECT_API_URL", ""))
    home = Path(os.environ.get("PARINDEX_HOME") or ".parindex").absolute()
    os.environ.setdefault("PREFECT_HOME", str(home / "prefect"))
    Path(os.environ["PREFECT_HOME"]).mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    # A server on SQLite says 503 whenever two of its own writers meet; five tries are not enough on a busy machine.
    os.environ.setdefault("PREFECT_CLIENT_MAX_RETRIES", "7")
    os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "CRITICAL")
    start()


def _check_address(url: str) -> None:
    """Prefect itself would end in a traceback; and whoever reaches an open server runs steps. Raises WrongCall."""
    try:
        parts = urlsplit(url)
        fine = not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0)
    except ValueError:
        fine = False
    if not fine:
        raise WrongCall(f"PREFECT_API_URL={url}: http://host:4200/api")
    if far(url) and not (os.environ.get("PREFECT_API_AUTH_STRING") or os.environ.get("PREFECT_API_KEY")):
        raise WrongCall(
            f"PREFECT_API_URL={url}: máy chủ trên mạng phải có mật khẩu / a server on the network needs a password: "
            "PREFECT_SERVER_API_AUTH_STRING there, PREFECT_API_AUTH_STRING here (user:password)"
        )


def start_early(words: list[str]) -> None:
    """For a command that will need the engine: its server comes up while even the command line is imported.

    words: of the command line. What a person can mend the command itself says, in its place.
    """
    if words[:1] and words[0] in EARLY and not {"--help", "--remote"} & {*words}:
        with suppress(PersonError, OSError):
            prepare_engine()


def start() -> None:
    """Start the server unless PREFECT_API_URL names one; comes back at once. Must run before Prefect is imported."""
    if os.environ.get("PREFECT_API_URL") or _running:
        return
    port = _free_port()
    environ = os.environ | {
        "PREFECT_UI_ENABLED": "0",
        "PREFECT_SERVER_UI_ENABLED": "0",
        "PREFECT__SERVER_EPHEMERAL": "1",
        "PREFECT__SERVER_FINAL": "1",
    }
    quiet = subprocess.DEVNULL
    words = [sys.executable, "-m", "flows.embedded_server", str(port)]
    _running.append(subprocess.Popen(words, env=environ, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet))
    os.environ["PREFECT_API_URL"] = os.environ[OURS] = f"http://127.0.0.1:{port}/api"
    os.environ["PREFECT_CLIENT_CSRF_SUPPORT_ENABLED"] = "0"  # every client would ask for a token it does not issue
    os.environ.setdefault("PREFECT_API_SSL_CERT_FILE", str(_one_authority(Path(os.environ["PREFECT_HOME"]))))
    atexit.register(_stop)


def _one_authority(home: Path) -> Path:
    """A file with one of the authorities TLS trusts, written anew at every start: one cut short would stop every run.

    Every flow and task run makes clients, and each would read all authorities, 0.02 s every time, though this server
    speaks plain http on loopback.
    """
    import certifi  # late: the server comes up meanwhile

    first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----\n")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=home, delete=False) as made:
        made.write(first + end)
    return Path(made.name).replace(home / "one-authority.pem")


def is_ours() -> bool:
    """Whether the server ends with this command, or with the one that started this process."""
    return OURS in os.environ and os.environ.get("PREFECT_API_URL") == os.environ[OURS]


def wait() -> None:
    """Until the server answers. Raises StepFailed when it does not come up."""
    if not is_ours():
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and not (_running and _running[0].poll() is not None):
        try:
            with urllib.request.urlopen(f"{os.environ['PREFECT_API_URL']}/health", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise StepFailed(
        "Máy chủ Prefect nội bộ không khởi động được / Prefect's embedded server did not come up: "
        f"{os.environ.get('PREFECT_HOME')}"
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop() -> None:
    server = _running[0]
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _end_with_parent() -> None:
    """Standard input ends when the command does, however it ends: a killed command leaves no server behind."""
    sys.stdin.buffer.read()
    os._exit(0)


def serve(port: int) -> None:
    """Be the server, on loopback."""
    import threading

    threading.Thread(target=_end_with_parent, daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

    from flows.asked_again import AskedAgain

    uvicorn.run(AskedAgain(create_app()), host="127.0.0.1", port=port, log_level="critical", lifespan="on")


if __name__ == "__main__":
    serve(int(sys.argv[1]))
