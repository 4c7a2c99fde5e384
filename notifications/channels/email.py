"""Email over SMTP, as text and HTML."""

import smtplib
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email

from notifications.channels.protocol import Outcome, Parcel, Result
from notifications.channels.rendering import render


class EmailChannel:
    local = False
    signs = False
    default_detail = "minimal"  # plain email crosses servers nobody here knows

    def clean_address(self, address: str) -> str:
        address = address.strip()
        try:
            validate_email(address)
        except ValidationError:
            raise ValueError("Give one email address, such as referrals@example.org.") from None
        return address

    def send(self, parcel: Parcel, *, now: datetime) -> Outcome:
        """One message to one address; the Message-ID is the delivery's id, so a mailbox can drop a repeat."""
        rendered = render(parcel)
        try:
            self.clean_address(parcel.address)
        except ValueError:
            return Outcome(Result.REFUSED, "not an email address")
        message = EmailMultiAlternatives(
            subject=rendered.subject,
            body=rendered.text,
            to=[parcel.address],
            connection=get_connection(),
            headers={
                "Message-ID": f"<{parcel.public_id}@{_our_domain()}>",
                "Auto-Submitted": "auto-generated",  # RFC 3834: holiday notices stay away
            },
        )
        message.attach_alternative(rendered.html, "text/html")
        for one in parcel.attachments:
            with default_storage.open(one["stored"]) as opened:
                message.attach(one["filename"], opened.read(), one["content_type"])
        try:
            message.send()
        except (smtplib.SMTPException, OSError) as error:
            return _outcome(error)
        return Outcome(Result.DELIVERED, code=250)


def _our_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _outcome(error: Exception) -> Outcome:
    """What the recipient's side refused is the endpoint's; sign-in, sender and connection trouble is our relay's."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            code = next(iter(error.recipients.values()))[0]
            return Outcome(_by_code(code), f"the mail server refused the address ({code})", code)
        case smtplib.SMTPDataError():
            return Outcome(_by_code(error.smtp_code), f"the mail server refused the message ({error.smtp_code})",
                           error.smtp_code)  # fmt: skip
        case smtplib.SMTPResponseException():
            return Outcome(Result.RETRY, f"our mail relay refused us ({error.smtp_code})", error.smtp_code,
                           our_fault=True)  # fmt: skip
        case TimeoutError():
            return Outcome(Result.RETRY, "our mail relay did not answer in time", our_fault=True)
        case _:
            return Outcome(Result.RETRY, f"our mail relay failed: {type(error).__name__}", our_fault=True)


def _by_code(code: int) -> Result:
    return Result.REFUSED if 500 <= code < 600 else Result.RETRY
