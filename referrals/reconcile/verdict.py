"""May a document be attached without asking a person? Pure: suggestions in, the one chosen or the reason to ask out.

Never a wrong patient: the choice needs hard identity evidence, evidence that it answers *this* referral, and that
nobody and nothing else comes near. Everything else is for a person, with the suggestions in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from referrals.reconcile.fit import Fit
from referrals.reconcile.identity.compare import Comparison

MARGIN = 3.0  # points between two referrals of one patient
APART = 6.0  # points between two patients


@dataclass(frozen=True)
class Option:
    """One referral the document may answer. ``patient`` and ``referral`` are keys."""

    patient: int
    referral: int
    person: Comparison
    fit: Fit

    @property
    def points(self) -> float:
        return self.person.points + self.fit.points

    @property
    def evidence(self) -> list[str]:
        return [*self.person.evidence, *self.fit.evidence]

    @property
    def against(self) -> list[str]:
        return [*self.person.against, *self.fit.against]


@dataclass(frozen=True)
class Verdict:
    """``chosen`` is None when a person has to look; ``because`` says why, or that it is the only one that fits."""

    chosen: Option | None
    because: str


def decide(options: Sequence[Option], people: Sequence[tuple[int, Comparison]], *, named: frozenset[int]) -> Verdict:
    """Choose among ``options`` (best first). ``people`` are all patients who may be meant, with or without referrals;
    ``named`` the referrals whose numbers stand in the document."""
    if not options:
        return Verdict(None, "The patient has no referral it could answer." if people else "No patient on record fits.")
    best = options[0]
    if named and (best.referral not in named or not best.person.hard):
        return Verdict(None, "It names a referral whose patient does not surely agree with it.")
    if len(named) > 1:
        return Verdict(None, "It names several referrals.")
    if not best.person.hard:
        return Verdict(None, "It is not certain that it is this patient.")
    if not named and (other := _near_other(best, people)) is not None:
        return Verdict(None, other)
    if best.fit.is_contradicted:
        return Verdict(None, "It seems to answer something else.")
    if not _is_tied(best.fit):
        return Verdict(None, "Nothing in it shows which referral it answers.")
    rivals = [o for o in options[1:] if o.patient == best.patient and best.points - o.points < MARGIN]
    if rivals and not named:
        return Verdict(None, f"It could answer {len(rivals) + 1} referrals of this patient.")
    return Verdict(best, "the only referral it can answer" if len(options) == 1 else "clearly ahead of every other")


def _near_other(best: Option, people: Sequence[tuple[int, Comparison]]) -> str | None:
    """Why another patient comes too near: one with a like name and birth date needs something that tells them apart."""
    for patient, other in people:
        if patient == best.patient:
            continue
        close = other.is_plausible or best.person.points - other.points < APART
        apart = best.person.tells_apart and not other.tells_apart and best.person.points - other.points >= MARGIN
        if close and not apart:
            return "Another patient has a like name and birth date."
    return None


def _is_tied(fit: Fit) -> bool:
    """Evidence of this very referral: its number or order, whom the patient was sent to, or specialty and day."""
    return bool(fit.ties & {"number", "order", "provider", "office"}) or {"specialty", "day"} <= fit.ties
