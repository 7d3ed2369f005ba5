"""The key that proofs are signed with: Ed25519, made once, its private half in one file that no page reads.

The public half is kept in the database, for the status page to publish; nothing there can sign.
"""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from apps.engine.models import ProofKey


class KeyFileError(RuntimeError):
    """The file is there and is no key, or cannot be read or made."""


def key_path() -> Path:
    return Path(settings.PROOF_KEY_FILE) if settings.PROOF_KEY_FILE else settings.VAR_DIR / "keys" / "proof.pem"


def load_key(path: Path) -> Ed25519PrivateKey:
    """The key in ``path``, made when there is no such file, readable by its owner alone. Raises :class:`KeyFileError`."""
    try:
        return _parse(path.read_bytes(), path)
    except FileNotFoundError:
        return _make(path)
    except OSError as error:
        raise KeyFileError(f"the proof key {path}: {error.strerror}") from None


def publish(key: Ed25519PrivateKey) -> str:
    """Have the status page show the public half; return it as hexadecimal digits."""
    public = key.public_key().public_bytes_raw().hex()
    ProofKey.objects.get_or_create(public_key=public)
    return public


def _parse(data: bytes, path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyFileError(f"the proof key {path} is no private key in PEM without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"the proof key {path} is not of Ed25519")
    return key


def _make(path: Path) -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Of two that make one at once, one is refused and reads the other's: whole, because it is linked to its name when it is.
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return _parse(path.read_bytes(), path)
        finally:
            draft.unlink()
    except OSError as error:
        raise KeyFileError(f"the proof key {path} cannot be made: {error.strerror}") from None
    return key
