"""Cursors nobody can read or make: positions in our tables would tell how much happens here.

Sealed with a synthetic initialisation vector (as RFC 5297, with HMAC-SHA256): the vector is the tag of owner and
content, the content is masked with a stream from the vector. The same position gives the same cursor; another owner's is
refused."""

import base64
import binascii
from hmac import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

_TAG = 12  # bytes
_LONGEST = 600  # characters


class Unsealable(ValueError):
    """It was not sealed here, for this owner and purpose."""


def seal(content: str, *, purpose: str, owner: str) -> str:
    """``content`` as text that is safe in an address."""
    plain = content.encode()
    tag = _tag(plain, purpose, owner, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(tag + _masked(plain, tag, settings.SECRET_KEY)).rstrip(b"=").decode()


def unseal(text: str, *, purpose: str, owner: str) -> str:
    """The content of a seal made with one of the keys that count. Raises Unsealable."""
    try:
        if len(text) > _LONGEST:
            raise Unsealable
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Unsealable from None
    tag, hidden = raw[:_TAG], raw[_TAG:]
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        plain = _masked(hidden, tag, key)
        if compare_digest(tag, _tag(plain, purpose, owner, key)):
            return plain.decode()
    raise Unsealable


def _tag(plain: bytes, purpose: str, owner: str, key: str) -> bytes:
    signed = b"\0".join((purpose.encode(), owner.encode(), plain))
    return salted_hmac("referrals.sealing.tag", signed, secret=key, algorithm="sha256").digest()[:_TAG]


def _masked(content: bytes, tag: bytes, key: str) -> bytes:
    """``content`` xor the stream of ``tag``; twice is the content again."""
    stream = b"".join(
        salted_hmac("referrals.sealing.mask", tag + bytes([block]), secret=key, algorithm="sha256").digest()
        for block in range(-(-len(content) // 32))
    )
    return bytes(a ^ b for a, b in zip(content, stream, strict=False))
