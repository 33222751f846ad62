"""Performs a command line: its exit status, no traceback for what a person can mend."""

from __future__ import annotations

import os
import sys

from flows import embedded_server
from models.rules.errors import PersonError, Refused


def call(words: list[str] | None = None) -> int:
    """Perform one command line (default: the process's own) and give its exit status."""
    from typer import Abort

    from flows.command_line import CALL_ERROR, app
    from flows.commands.show import show_faults

    try:
        status = app(words, standalone_mode=False)
    except CALL_ERROR as error:
        error.show(sys.stderr)
        return 2
    except (Abort, KeyboardInterrupt):
        print("Đã dừng / Stopped", file=sys.stderr)
        return 130
    except PersonError as error:
        print(error, file=sys.stderr)
        if isinstance(error, Refused):
            show_faults(error.faults)
        return error.exit_status
    return status if isinstance(status, int) else 0


def main() -> None:
    """The command `parindex`."""
    os.umask(0o077)
    embedded_server.start_early(sys.argv[1:])
    sys.exit(call())


if __name__ == "__main__":
    main()
