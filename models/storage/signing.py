"""Signs manifests and checkpoints with the installation's Ed25519 key, where one is set."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from models.rules.errors import WrongCall
from models.rules.framework_json import canonical_json


def load_key(text: str) -> Ed25519PrivateKey:
    """PARINDEX_SIGNING_KEY: 64 hex digits, a PEM text, or the path of a file with either. Raises WrongCall."""
    try:
        if Path(text).is_file():
            text = Path(text).read_text(encoding="ascii")
    except (OSError, ValueError):
        pass
    try:
        if "PRIVATE KEY" in text:
            key = serialization.load_pem_private_key(text.encode(), password=None)
            if isinstance(key, Ed25519PrivateKey):
                return key
            raise ValueError("not Ed25519")
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text.strip()))
    except ValueError:
        raise WrongCall(
            "PARINDEX_SIGNING_KEY không phải khoá Ed25519 / is not an Ed25519 key: 64 hex digits, PEM, or a file"
        ) from None


def sign(key_text: str, message: bytes) -> tuple[str, str]:
    """Public key and signature of a message, both as hex."""
    key = load_key(key_text)
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return public.hex(), key.sign(message).hex()


def signature_file(key_text: str, manifest: bytes) -> bytes:
    """manifest.sig for these bytes."""
    public, signature = sign(key_text, manifest)
    return canonical_json({"algorithm": "Ed25519", "public_key": public, "signature": signature}).encode()
