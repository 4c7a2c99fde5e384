"""The referrals a document may belong to: suggested by RefLoop or found by hand, with what speaks for and against."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referrals import searching, selectors
from referrals.actions.reviewing import reading_of
from referrals.admin import wording
from referrals.admin.incoming.forms import AttachForm
from referrals.admin.incoming.words import fit_badge, is_near
from referrals.intake.as_read import moment_in_words
from referrals.intake.notices import NOTICES
from referrals.intake.reading import Moment, Reading
from referrals.lifecycle.states import Action, targets
from referrals.models import IncomingDocument, Referral
from referrals.reconcile.doubts import Doubts, doubts
from referrals.reconcile.matching import SHOWN, weigh
from referrals.reconcile.verdict import Option

FOUND = 10  # referrals a search by hand shows


@dataclass
class Candidate:
    """One referral as the review page shows it, with its form. ``is_open`` opens the form."""

    referral: Referral
    option: Option
    doubts: Doubts
    form: AttachForm
    is_open: bool = False
    reading: Reading | None = None

    @property
    def facts(self) -> dict[str, Any]:
        referral, visit = self.referral, self.referral.appointment
        return {
            "status_badge": wording.status_badge(referral.status),
            "fit_badge": fit_badge(self.option.points, self.option.evidence, self.option.against),
            "to": wording.specialist_of(referral) or "no specialist yet",
            "visit": wording.day_and_time(visit.starts_at) if visit else "",
            "href": wording.page_of(referral),
        }

    @property
    def record(self) -> dict[str, str] | None:
        """The step of the referral that records what a message tells, filled in; None when there is none to take."""
        notice = NOTICES.get(self.reading.notice.value) if self.reading and self.reading.notice else None
        possible = [step for step in notice.steps if targets(step, self.referral.status)] if notice else []
        if not possible:
            return None
        at = self.reading.visit_at.value if self.reading.visit_at else None
        proposed = {name: value for name, value in _proposed(at).items() if value}
        when = f" of {moment_in_words(at)}" if at else ""
        return {
            "label": f"{Action(possible[0]).label}{when}",
            "href": wording.step_of(self.referral, possible[0], proposed),
        }

    @property
    def lines(self) -> list[tuple[str, str]]:
        """(``for``, ``near`` or ``against``, words): what to look twice at first."""
        option = self.option
        return [
            *(("against", line) for line in (*self.doubts.says, *option.against)),
            *(("near", line) for line in option.evidence if is_near(line)),
            *(("for", line) for line in option.evidence if not is_near(line)),
        ]


def _proposed(at: Moment | None) -> dict[str, str]:
    """First values of the forms of the visit, in the practice's time zone."""
    if at is None or at.day is None:
        return {}
    stated = datetime.fromisoformat(at.iso) if "T" in at.iso else None
    here = wording.local(stated) if stated and stated.tzinfo else stated
    return {
        "starts_at": f"{here:%Y-%m-%dT%H:%M}" if here else "",
        "seen_on": (here.date() if here else at.day).isoformat(),
    }


def suggested(document: IncomingDocument, *, bound: AttachForm | None = None, on: int = 0) -> list[Candidate]:
    """The suggestions in the order of the match. ``bound`` is the form as sent for the referral ``on``, which is shown
    first when it is not among them."""
    order = [row["referral"] for row in document.suggestions[:SHOWN]]
    if on and on not in order:
        order.insert(0, on)
    rows = selectors.with_parties(Referral.objects.filter(pk__in=order)).in_bulk() if order else {}
    return _candidates(reading_of(document), [rows[pk] for pk in order if pk in rows], bound, on)


def found(document: IncomingDocument, text: str) -> list[Candidate]:
    """What the worklist's search finds for ``text``, newest first."""
    if not text.strip():
        return []
    newest = searching.search(Referral.objects.all(), text).order_by("-captured_at", "-pk")
    rows = selectors.with_parties(Referral.objects.filter(pk__in=list(newest.values_list("pk", flat=True)[:FOUND])))
    return _candidates(reading_of(document), list(rows.order_by("-captured_at", "-pk")))


def _candidates(
    reading: Reading | None, referrals: list[Referral], bound: AttachForm | None = None, on: int = 0
) -> list[Candidate]:
    if not referrals:
        return []
    options = weigh(reading, referrals)
    made = []
    for referral in referrals:
        doubt = doubts(reading, referral.patient)
        is_sent = bound is not None and referral.pk == on
        form = bound if is_sent else AttachForm(reading=reading, doubts=doubt, referral_pk=referral.pk)
        made.append(Candidate(referral, options[referral.pk], doubt, form, is_open=is_sent, reading=reading))
    return made
