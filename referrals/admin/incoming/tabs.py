"""The tabs of the list: what each holds, in which order, and what an empty one teaches; the search."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from referrals.admin.counting import count_up_to, in_words
from referrals.admin.incoming.words import FAIR_FIT
from referrals.identifiers import clean_referral_number
from referrals.models import IncomingDocument, MatchDecision, Referral
from referrals.names import name_key

State, Kind = IncomingDocument.State, MatchDecision.Kind
REVIEW, READING, AUTOMATIC, BY_HAND, ASIDE, ALL = "review", "reading", "automatic", "by-hand", "aside", "all"
_MATCHED = (Kind.NOTE, Kind.FILED, Kind.RETRACTED, Kind.CAPTURED)
MOST_SHOWN = 99
SEARCHED = 5_000  # documents whose file names a search looks at, newest first
SUGGESTING = 500  # documents in review whose suggestions are searched for a referral


@dataclass(frozen=True)
class Tab:
    """``teaches`` is what an empty one says."""

    key: str
    label: str
    teaches: str
    is_counted: bool = True


TABS: dict[str, Tab] = {
    tab.key: tab
    for tab in (
        Tab(
            REVIEW,
            "In review",
            "Documents that RefLoop could not match beyond doubt come here, with the reason and its best suggestions. "
            "There is nothing to decide right now.",
        ),
        Tab(READING, "Being read", "What has just come in is read within seconds, a fax within half a minute."),
        Tab(
            AUTOMATIC,
            "Matched automatically",
            "Notes that fit one referral beyond doubt are attached by RefLoop itself, with the evidence.",
            is_counted=False,
        ),
        Tab(BY_HAND, "Matched by hand", "What you and your colleagues attached or captured.", is_counted=False),
        Tab(ASIDE, "Set aside", "Advertising, other people's mail: set aside with a reason, kept.", is_counted=False),
        Tab(ALL, "All", "No document has come in yet. Upload one, or connect a fax folder or the API.", False),
    )
}


def rows_of(key: str, rows: QuerySet[IncomingDocument] | None = None) -> QuerySet[IncomingDocument]:
    """The documents of one tab, unordered. Raises KeyError for an unknown one."""
    rows = IncomingDocument.objects.all() if rows is None else rows
    narrowed = {
        REVIEW: Q(state=State.REVIEW),
        READING: Q(state__in=(State.WAITING, State.READING)),
        AUTOMATIC: Q(decisions__undone_at__isnull=True, decisions__automatic=True, decisions__kind__in=_MATCHED),
        BY_HAND: Q(decisions__undone_at__isnull=True, decisions__automatic=False, decisions__kind__in=_MATCHED),
        ASIDE: Q(state=State.REJECTED),
        ALL: Q(),
    }
    return rows.filter(narrowed[key])


def order_of(key: str) -> list[str]:
    """What waits for people oldest first, what was matched by when that was, the rest newest first."""
    if key in (REVIEW, READING):
        return ["received_at", "pk"]
    return ["-decisions__decided_at", "-pk"] if key in (AUTOMATIC, BY_HAND) else ["-received_at", "-pk"]


def links(current: str) -> list[dict]:
    """The tab links with bounded counts."""
    return [
        {"key": tab.key, "label": tab.label, "current": tab.key == current, "count": _counted(tab)}
        for tab in TABS.values()
    ]


def _counted(tab: Tab) -> str:
    return in_words(count_up_to(rows_of(tab.key), MOST_SHOWN), MOST_SHOWN) if tab.is_counted else ""


def search(rows: QuerySet[IncomingDocument], text: str) -> QuerySet[IncomingDocument]:
    """Documents by what people type: a referral number, the family name as read, a part of the file's name.

    A number finds what was attached to the referral and what may belong to it; names use their index; file names are
    looked at in the newest documents only."""
    text = text.strip()
    if not text:
        return rows
    try:
        return rows.filter(pk__in=_of_referral(clean_referral_number(text)))
    except ValueError:
        pass
    newest = IncomingDocument.objects.order_by("-received_at").values("pk")[:SEARCHED]
    found = Q(filename__icontains=text, pk__in=list(newest.values_list("pk", flat=True)))
    family = name_key(text.partition(",")[0])
    return rows.filter(found | Q(patient_key__startswith=family) if family else found)


def _of_referral(number: str) -> set[int]:
    referral = Referral.objects.filter(number=number).first()
    if referral is None:
        return set()
    decided = MatchDecision.objects.filter(referral=referral, undone_at__isnull=True).values_list("document", flat=True)
    return set(decided[:SUGGESTING]) | {
        pk for pk, rows in _waiting() if any(row["referral"] == referral.pk for row in rows)
    }


def may_be_of(referral: Referral) -> list[IncomingDocument]:
    """What came in and waits in review with this referral as its best suggestion, unless that hardly fits."""
    found = {
        pk for pk, rows in _waiting() if rows and rows[0]["referral"] == referral.pk and rows[0]["points"] >= FAIR_FIT
    }
    return list(IncomingDocument.objects.filter(pk__in=found).order_by("received_at", "pk"))


def _waiting() -> QuerySet:
    return rows_of(REVIEW).order_by("received_at").values_list("pk", "suggestions")[:SUGGESTING]
