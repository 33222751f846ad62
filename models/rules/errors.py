"""Errors for people: one family, never a traceback, each with the exit status a script can act on."""

from __future__ import annotations

from collections.abc import Sequence

from models.rules.findings import Fault


class PersonError(Exception):
    """Something a person can mend; the message says what and how (Vietnamese / English)."""

    exit_status = 1


class WrongCall(PersonError):
    """The command was called with words it does not know."""

    exit_status = 2


class Refused(PersonError):
    """Data was refused; `faults` says where, what was found and what to do."""

    exit_status = 3

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class StepFailed(PersonError):
    """A step broke off (storage, network); nothing half-done is visible and it can be rerun."""

    exit_status = 4


class VerificationFailed(PersonError):
    """A digest, a chain or a recomputed number differs from what was published."""

    exit_status = 5


class NotAllowedNow(PersonError):
    """The state of the cycle refuses it: published, locked, or another run in progress."""

    exit_status = 6


class NotPermitted(NotAllowedNow):
    """Whoever acts has no role that may; somebody else must."""
