"""Checkpoints: where a chain stood, short enough for the council's minutes, signed where a key is set.

Kept outside the database, one proves what the chain alone cannot: that nobody computed the whole chain anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.rules.errors import VerificationFailed, WrongCall
from models.storage.audit_chain import Head
from models.storage.signing import sign

_TEXT = re.compile(
    r"parindex checkpoint\ncycle: (?P<cycle>[^\n]+)\nevents: (?P<events>\d+)\nhead: (?P<head>[0-9a-f]{64})\n"
    r"(?:public key: (?P<key>[0-9a-f]{64})\nsignature: (?P<signature>[0-9a-f]{128})\n)?"
)


@dataclass(frozen=True)
class Checkpoint:
    """A cycle's chain after so many events; public_key: hex, "" when nobody signed."""

    cycle: str
    head: Head
    public_key: str = ""


def checkpoint_text(cycle: str, head: Head, key_text: str | None) -> str:
    """Four lines, and two more with a signing key. key_text: as PARINDEX_SIGNING_KEY, None for none."""
    said = f"parindex checkpoint\ncycle: {cycle}\nevents: {head.count}\nhead: {head.digest}\n"
    if not key_text:
        return said
    public, signature = sign(key_text, said.encode())
    return f"{said}public key: {public}\nsignature: {signature}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint a text holds. Raises WrongCall for other text, VerificationFailed for a wrong signature."""
    found = _TEXT.fullmatch(text.replace("\r\n", "\n").strip() + "\n")
    if found is None:
        raise WrongCall("Không phải điểm kiểm tra / This is no checkpoint: parindex audit checkpoint CYCLE")
    head = Head(int(found["events"]), found["head"])
    if found["key"]:
        signed = checkpoint_text(found["cycle"], head, None).encode()
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(found["key"])).verify(
                bytes.fromhex(found["signature"]), signed
            )
        except (InvalidSignature, ValueError):
            raise VerificationFailed("Chữ ký của điểm kiểm tra sai / The checkpoint's signature is wrong") from None
    return Checkpoint(found["cycle"], head, found["key"] or "")
