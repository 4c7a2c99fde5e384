"""Words of a message, from Django templates.

Whoever sends a topic brings templates in its own app: ``templates/messages/<topic>/subject.txt``, ``body.txt`` and
``body.html``. Each file is looked for under the topic, then each beginning of it (``escalation.unscheduled``,
``escalation``), then under ``default``, which knows the keys ``title``, ``text``, ``facts`` ([[label, value], …]),
``next_step`` and ``link``. A template sees the context of the endpoint's detail and nothing more.
"""

from dataclasses import dataclass

from django.template import Context
from django.template.loader import select_template

from notifications.channels.protocol import Parcel
from notifications.topics import folders

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(parcel: Parcel) -> Rendered:
    """Subject on one line, plain text, and HTML. Raises whatever a broken template raises."""
    return Rendered(subject(parcel), text(parcel), _render(parcel, "body.html", escape=True))


def subject(parcel: Parcel) -> str:
    line = " ".join(_render(parcel, "subject.txt", escape=False).split())
    return line[:LONGEST_SUBJECT] or parcel.topic


def text(parcel: Parcel) -> str:
    return _render(parcel, "body.txt", escape=False).strip() + "\n"


def _render(parcel: Parcel, name: str, *, escape: bool) -> str:
    found = select_template([f"messages/{folder}/{name}" for folder in folders(parcel.topic)])
    context = parcel.context | {
        "topic": parcel.topic,
        "about": parcel.about,
        "detail": parcel.detail,
        "occurred_at": parcel.occurred_at,
        "recipient_name": parcel.recipient_name,
        "message_id": parcel.public_id,
    }
    # Plain text must not turn O'Brien into O&#x27;Brien, and its authors should not have to remember that.
    return found.template.render(Context(context, autoescape=escape))
