"""How incoming documents are worded: where they came from, how sure a reading is, how well a referral fits."""

from datetime import datetime, timedelta

from django.utils.html import format_html

from referrals.admin.wording import badge, day
from referrals.models import Document, IncomingDocument, MatchDecision

State, Kind = IncomingDocument.State, MatchDecision.Kind
TONE = {State.WAITING: "blue", State.READING: "blue", State.REVIEW: "amber", State.MATCHED: "green",
        State.REJECTED: "grey", State.SPLIT: "grey"}  # fmt: skip
CLEAR, LIKELY = 0.85, 0.7  # intake/reading.py: 1 is a field of a structured format, about 0.9 a clear label
STRONG_FIT, FAIR_FIT = 20.0, 12.0  # points: name and birth date equal are 19


def state_badge(document: IncomingDocument) -> str:
    return badge(document.get_state_display(), TONE[document.state])


def kind_words(kind: str | None) -> str:
    return str(Document.Kind(kind).label) if kind in Document.Kind.values else "Kind not stated"


def sure_words(sure: float) -> str:
    """Nothing for a plain field; how sure the reading is else."""
    if sure >= 1:
        return ""
    return "clear" if sure >= CLEAR else "likely" if sure >= LIKELY else "unsure"


def is_near(evidence: str) -> bool:
    """Whether something agrees but for a slip: counted in favour, and to be looked at."""
    return " close" in evidence or "only the initial" in evidence


def fit_badge(points: float, evidence: list[str], against: list[str]) -> str:
    """How well a referral fits, in words nobody has to learn. Without an equal birth date nothing fits well."""
    if points < FAIR_FIT:
        return badge("hardly fits", "grey")
    if points < STRONG_FIT or "birth date equal" not in evidence:
        return badge("may fit", "amber")
    if against or any(map(is_near, evidence)):
        return badge("fits, with a doubt", "amber")
    return badge("fits well", "green")


def ago(at: datetime, now: datetime) -> str:
    """``just now``, ``12 min ago``, ``3 h ago``, ``2 days ago``, then the day itself."""
    passed = now - at
    if passed < timedelta(minutes=2):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed.seconds // 60} min ago"
    if passed < timedelta(days=1):
        return f"{passed.seconds // 3600} h ago"
    if passed < timedelta(days=14):
        return f"{passed.days} day{'' if passed.days == 1 else 's'} ago"
    return day(at)


def born_words(iso: str) -> str:
    """``born 03/04/1961`` of an ISO date at whatever precision it was read."""
    if not iso:
        return "birth date not read"
    return f"born {iso[5:7]}/{iso[8:10]}/{iso[:4]}" if len(iso) == 10 else f"born {iso}"


def decision_words(decision: MatchDecision) -> str:
    """What was decided, as one would say it: ``Attached to RL-… by RefLoop``."""
    number = format_html("<strong>{}</strong>", decision.referral.number) if decision.referral else ""
    words = {
        Kind.NOTE: "Attached as a note to {}",
        Kind.FILED: "Filed on {}",
        Kind.RETRACTED: "Took back the note of {}",
        Kind.CAPTURED: "Captured as {}",
        Kind.REJECTED: "Set aside{}",
        Kind.SPLIT: "Split into its parts{}",
    }[decision.kind]
    who = "automatically" if decision.automatic else f"by {decision.decided_by}"
    return format_html(words + " {}", number, who)
