"""May a document be attached without asking a person? Pure: suggestions in, the one chosen or the reason to ask out.

Never a wrong patient: the choice needs hard identity evidence, evidence that it answers *this* referral, and that
nobody and nothing else comes near. Everything else is for a person, with the suggestions in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from referrals.reconcile.fit import Fit
from referrals.reconcile.identity.comparison import Comparison
from referrals.reconcile.identity.weights import Level

MARGIN = 3.0  # points between two referrals of one patient, or two patients of whom something tells one


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


def decide(
    options: Sequence[Option], people: Sequence[tuple[int, Comparison]], *, named: frozenset[int], is_cut: bool = False
) -> Verdict:
    """Choose among ``options`` (best first). ``people`` are all patients who may be meant, with or without referrals;
    ``named`` the referrals whose numbers stand in the document. ``is_cut``: more people are alike than were looked at,
    so only what nobody shares, the referral's number or the patient's own, can settle who it is."""
    if not options:
        return Verdict(None, "The patient has no referral it could answer." if people else "No patient on record fits.")
    best = options[0]
    if named and (best.referral not in named or not best.person.hard):
        return Verdict(None, "It names a referral whose patient does not surely agree with it.")
    if len(named) > 1:
        return Verdict(None, "It names several referrals.")
    if not best.person.hard:
        return Verdict(None, "It is not certain that it is this patient.")
    if is_cut and not named and not best.person.has_any_number:
        return Verdict(None, "More people are alike than can be looked at.")
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
    """Why another patient comes too near; the referral's number in the document settles only who is like the best.

    One whose name or birth date fits better, or whose number it is, is always in the way, whatever points elsewhere."""
    others = [other for patient, other in people if patient != best.patient]
    for other in others:
        if other.is_plausible and (other.fits_better_than(best.person) or other.points > best.person.points):
            return "Another patient's name or birth date fits better."
        if other.has_any_number and not best.person.has_any_number:
            return "A number in it is another patient's."
    if not is_named and any(_is_like(other, best.person) for other in others):
        return "Another patient has a like name and birth date."
    return None


def _is_like(other: Comparison, best: Comparison) -> bool:
    """Whether the document may as well be about ``other``.

    A telephone, street or number of the best alone tells the two apart; but who lives under one roof shares the first
    two, so for two born on one day only a number does. A given name that merely resembles (Jason, Jackson) is another
    name when the best's is equal to the letter."""
    if not other.is_plausible and (not other.is_rival or best.level("given") is Level.EQUAL):
        return False
    of_one_day = other.level("birth date") is Level.EQUAL
    apart = best.has_number if of_one_day else best.tells_apart
    return not (apart and not other.tells_apart and best.points - other.points >= MARGIN)


def _is_tied(fit: Fit) -> bool:
    """Evidence of this very referral: its number or order, an earlier version, whom the patient was sent to, or the day
    with the specialty or with an office of several."""
    alone = fit.ties & {"number", "order", "version", "provider", "office"}
    return bool(alone) or ("day" in fit.ties and bool(fit.ties & {"specialty", "site"}))
