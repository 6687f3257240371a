"""Who is let in: requests with the one token that a NetBox double knows."""

from __future__ import annotations

import hmac

from werkplek.lab.netbox_answers import Refusal


def authenticate(header: str, token: str) -> None:
    """Check an Authorization header. Raises Refusal: NetBox says 403, never 401.

    Tokens of version 2 (NetBox 4.5) begin with `nbt_` and are bearer tokens.
    """
    scheme, *rest = header.split() or [""]
    known = "bearer" if token.startswith("nbt_") else "token"
    if scheme.lower() != known:
        raise Refusal(403, {"detail": "Authentication credentials were not provided."})
    if not rest:
        raise Refusal(403, {"detail": "Invalid token header. No credentials provided."})
    if len(rest) > 1:
        raise Refusal(403, {"detail": "Invalid token header. Token string should not contain spaces."})
    if not hmac.compare_digest(rest[0].encode(), token.encode()):
        raise Refusal(403, {"detail": "Invalid v2 token" if known == "bearer" else "Invalid token"})
