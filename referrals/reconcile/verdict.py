"""May a document be attached without asking a person? Pure: suggestions in, the one chosen or the reason to ask out.

Never a wrong patient: the choice needs hard identity evidence, evidence that it answers *this* referral, and that
nobody and nothing else comes near. Everything else is for a person, with the suggestions in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from referrals.reconcile.fit import Fit
from referrals.reconcile.identity.comparison import Comparison
from referrals.reconcile.identity.weights import Level

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
    if (other := _near_other(best, people, is_named=bool(named))) is not None:
        return Verdict(None, other)
    if best.fit.is_contradicted:
        return Verdict(None, "It seems to answer something else.")
    if not _is_tied(best.fit):
        return Verdict(None, "Nothing in it shows which referral it answers.")
    rivals = [o for o in options[1:] if o.patient == best.patient and best.points - o.points < MARGIN]
    if rivals and not named:
        return Verdict(None, f"It could answer {len(rivals) + 1} referrals of this patient.")
    return Verdict(best, "the only referral it can answer" if len(options) == 1 else "clearly ahead of every other")


def _near_other(best: Option, people: Sequence[tuple[int, Comparison]], *, is_named: bool) -> str | None:
    """Why another patient comes too near.

    One whose name or birth date fits better is always in the way, whatever number or telephone points elsewhere. One
    with a like name and birth date is, unless the referral's number or something else tells the two apart; who lives
    under one roof shares a telephone and a street, so for two born on one day only an identifier does."""
    for patient, other in people:
        if patient == best.patient:
            continue
        lead = best.person.points - other.points
        if other.is_plausible and (other.fits_better_than(best.person) or lead < 0):
            return "Another patient's name or birth date fits better."
        of_one_day = other.is_plausible and other.level("birth date") is Level.EQUAL
        apart = best.person.has_number if of_one_day else best.person.tells_apart
        if not is_named and (other.is_plausible or lead < APART) and not (
            apart and not other.tells_apart and lead >= MARGIN
        ):  # fmt: skip
            return "Another patient has a like name and birth date."
    return None


def _is_tied(fit: Fit) -> bool:
    """Evidence of this very referral: its number or order, an earlier version, whom the patient was sent to, or the day
    with the specialty or with an office of several."""
    alone = fit.ties & {"number", "order", "version", "provider", "office"}
    return bool(alone) or ("day" in fit.ties and bool(fit.ties & {"specialty", "site"}))
