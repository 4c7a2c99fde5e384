"""A file of several documents ends as these: each is an incoming document of its own, and the file is kept whole.

A document knows the files it came in by its arrivals: one that was there before, or that came in two files, is in each."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from referrals.actions.calling_back import wait_again
from referrals.actions.incoming import Grounds, decided
from referrals.intake.arrivals import Sender, take_in
from referrals.intake.receive import store
from referrals.intake.sandbox import Answer
from referrals.lifecycle.actor import Actor
from referrals.models import Arrival, IncomingDocument, MatchDecision

State = IncomingDocument.State
_WITHIN = "within:"
_STEM = 45  # characters of a file's name that its parts are called by
_DEEPEST = 3  # files in files that come apart
_MOST_BYTES = 400_000_000  # of all documents that come out of one file, however deep they lay


def store_parts(answer: Answer) -> None:
    """Their bytes are safe before the transaction that speaks of them, which then need not wait for the disk."""
    for part in answer.parts:
        if _fits(part):
            store(part, filename="part", keep_unknown=True)


def separate(row: IncomingDocument, answer: Answer, *, actor: Actor, now: datetime) -> str:
    """Take in each part of a locked row that was read; the row ends as split. Returns "", or why a person has to look
    at the whole too: then it is for the caller to put it into review."""
    if any(sha256(part).hexdigest() == row.sha256 for part in answer.parts):
        return "A document in it is the file itself: it cannot be separated. Ask for its documents one by one."
    if _unfolds_too_far(row, sum(map(len, answer.parts))):
        return "Files in files in it unfold into more than RefLoop takes. Ask for its documents one by one."
    labels = list(answer.labels) or [str(number) for number in range(1, len(answer.parts) + 1)]
    named = list(zip(answer.parts, labels, strict=True))
    fitting = [(part, label) for part, label in named if _fits(part)]
    count = part_off(row, [part for part, _ in fitting], [label for _, label in fitting], now=now)
    most = settings.DOCUMENT_MAX_BYTES // 1024**2
    missing = [
        f"{label} is larger than {most} MB." if part else f"{label} is empty."
        for part, label in named
        if not _fits(part)
    ]
    missing += answer.missing
    if missing:
        return f"It was separated into {count}, but something is missing; ask the sender for it: {' '.join(missing)}"
    reason = f"{count} document{'' if count == 1 else 's'}: {', '.join(labels)}"
    grounds = Grounds(automatic=True)
    decided(row, MatchDecision.Kind.SPLIT, grounds, actor, now, reason=reason, state=State.SPLIT)
    return ""


def _fits(part: bytes) -> bool:
    return 0 < len(part) <= settings.DOCUMENT_MAX_BYTES


def part_off(row: IncomingDocument, parts: Sequence[bytes], labels: Sequence[str], *, now: datetime) -> int:
    """Take in the parts of a locked row, received as it was; how many different ones. Call it in the transaction in which
    the row ends."""
    first = row.arrivals.first()
    sender = Sender(first.source, f"{_WITHIN}{row.pk}", first.received_from, first.office)
    stem = PurePath(row.filename).stem[:_STEM]
    came = set()
    for part, label in zip(parts, labels, strict=True):
        name = f"{stem} ({label}).part"  # its ending is that of its kind in the end
        arrived = take_in(part, filename=name, sender=sender, now=now, keep_unknown=True, part_of=row)
        wait_again(arrived.document, by=sender.label, now=now)
        came.add(arrived.document.pk)
    return len(came)


def _unfolds_too_far(row: IncomingDocument, more: int) -> bool:
    """Whether a file in a file in a file comes apart again, or the first of them becomes too much in all."""
    root, depth = row, 1
    while root.part_of is not None:
        root, depth = root.part_of, depth + 1
    came = Q(part_of=root) | Q(part_of__part_of=root) | Q(part_of__part_of__part_of=root)
    size = IncomingDocument.objects.filter(came).aggregate(total=Sum("size"))["total"] or 0
    return depth > _DEEPEST or size + more > _MOST_BYTES


def parts_of(row: IncomingDocument) -> QuerySet[IncomingDocument]:
    """The documents that came in this file, in its order."""
    came = Arrival.objects.filter(source_scope=f"{_WITHIN}{row.pk}").values("document")
    return IncomingDocument.objects.filter(Q(part_of=row) | Q(pk__in=came)).order_by("pk")


def wholes_of(row: IncomingDocument) -> QuerySet[IncomingDocument]:
    """The files this document came in."""
    scopes = row.arrivals.filter(source_scope__startswith=_WITHIN).values_list("source_scope", flat=True)
    keys = {int(scope.removeprefix(_WITHIN)) for scope in scopes} | {row.part_of_id}
    return IncomingDocument.objects.filter(pk__in=keys - {None}).order_by("pk")
