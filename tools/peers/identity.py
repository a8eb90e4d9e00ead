"""A signed identity, as a site's own server makes it: a JWT with HS256."""

import base64
import hashlib
import hmac
import json
import time


def _part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def identity(site, sub, *, secret=None, algorithm="HS256", header=None, **claims):
    """A token for a site as `maitred site add --json` prints it; claims of None are left out."""
    now = int(time.time())
    claims = {"sub": sub, "aud": site["key"], "iat": now, "exp": now + 3600, **claims}
    head = {"alg": algorithm, "typ": "JWT", **(header or {})}
    body = {name: value for name, value in claims.items() if value is not None}
    signed = ".".join(_part(json.dumps(part).encode()) for part in (head, body))
    key = (secret or site["identity_secret"]).encode()
    signature = b"" if algorithm == "none" else hmac.digest(key, signed.encode(), hashlib.sha256)
    return f"{signed}.{_part(signature)}"
