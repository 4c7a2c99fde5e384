"""Webhooks, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com)."""

import json
from datetime import UTC, datetime

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from standardwebhooks.webhooks import Webhook

from notifications.backoff import parse_retry_after
from notifications.channels.pinned_post import Answer, PostFailed, post
from notifications.channels.protocol import Outcome, Parcel, Result
from notifications.channels.web_address import AddressRefused, NameUnknown, allowed_ips, parse

GONE = 410


class WebhookChannel:
    local = False
    signs = True
    default_detail = "full"  # TLS, to an address the office gave us

    def clean_address(self, address: str) -> str:
        """The address when it has the right shape and stands for public IP addresses only.

        The name must resolve now, which finds typing errors; with private addresses allowed (development) it need not."""
        target = parse(address.strip())
        try:
            allowed_ips(target)
        except NameUnknown:
            if not settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE:
                raise
        return address.strip()

    def send(self, parcel: Parcel, *, now: datetime) -> Outcome:
        """POST once. The name is resolved and checked again, and the connection goes to the checked address."""
        body = payload(parcel)
        try:
            target = parse(parcel.address)
            answer = post(target, allowed_ips(target), body=body, headers=signed_headers(parcel, body, now))
        except AddressRefused as error:
            return Outcome(Result.REFUSED, str(error))
        except NameUnknown as error:
            return Outcome(Result.RETRY, str(error))
        except PostFailed as error:
            return Outcome(Result.RETRY, str(error))
        return _outcome(answer, now)


def payload(parcel: Parcel) -> bytes:
    """The JSON body, the same at every try: {"type", "timestamp" (when it happened, UTC), "data"}."""
    occurred = parcel.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    content = {"type": parcel.topic, "timestamp": occurred, "data": parcel.context}
    return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(parcel: Parcel, body: bytes, now: datetime) -> dict[str, str]:
    """Id (stable), time of this try, and one signature for each live secret."""
    at = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(parcel.public_id, at, body.decode()) for secret in parcel.secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "RefLoop-Webhooks/1",
        "webhook-id": parcel.public_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _outcome(answer: Answer, now: datetime) -> Outcome:
    if 200 <= answer.status < 300:
        return Outcome(Result.DELIVERED, code=answer.status)
    if answer.status == GONE:
        return Outcome(Result.REFUSED, "it answered 410: no longer wanted", GONE)
    if 300 <= answer.status < 400:
        return Outcome(Result.RETRY, f"it answered {answer.status}: redirects are not followed", answer.status)
    return Outcome(
        Result.RETRY,
        f"it answered {answer.status}",
        answer.status,
        retry_after=parse_retry_after(answer.retry_after, now=now),
    )
