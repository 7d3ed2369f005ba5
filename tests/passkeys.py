"""A passkey in software: real keys and real signatures, as a browser would send them."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

RP_ID = "testserver"
ORIGIN = "https://testserver"
_FLAG = AuthenticatorData.FLAG


class Passkey:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user_handle = b""

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer ``creation_options`` of a page."""
        self.user_handle = websafe_decode(options["publicKey"]["user"]["id"])
        public = ES256.from_cryptography_key(self._key.public_key())
        data = AuthenticatorData.create(
            _rp_hash(),
            _FLAG.UP | _FLAG.UV | _FLAG.AT,
            0,
            AttestedCredentialData.create(Aaguid(b"\0" * 16), self.id, public),
        )
        attestation = AttestationObject.create("none", data, {})
        client = _client_data("webauthn.create", options["publicKey"]["challenge"])
        return self._wrapped(
            {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(bytes(attestation))},
            clientExtensionResults={"credProps": {"rk": True}},
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer ``request_options`` of a page."""
        data = bytes(AuthenticatorData.create(_rp_hash(), _FLAG.UP | _FLAG.UV, 1))
        client = _client_data("webauthn.get", options["publicKey"]["challenge"])
        signature = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._wrapped(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.user_handle),
            },
            clientExtensionResults={},
        )

    def _wrapped(self, response: dict[str, str], **more: Any) -> dict[str, Any]:
        credential_id = websafe_encode(self.id)
        return {"id": credential_id, "rawId": credential_id, "type": "public-key", "response": response, **more}


def _rp_hash() -> bytes:
    return hashlib.sha256(RP_ID.encode()).digest()


def _client_data(type_: str, challenge: str) -> bytes:
    return json.dumps({"type": type_, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}).encode()
