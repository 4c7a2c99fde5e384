"""Everything the simulation assumes of people, in one place, with where each number comes from.

Shares are parts of 1. Delays are ``(shortest, usual, longest)`` working days of nine hours, drawn from a triangle;
visits are in calendar days. The same people, with the same dice, live through both quarters: the baseline has no sweep,
no requests for notes and no matching of documents; the tracked one has all three. What differs is only who is reminded,
and that a note with hard evidence files itself.

Sources (S) and judgements (J): [1] Mehrotra, Forrest, Lin, Milbank Q 2011: half of US referrals end in a documented
completed visit. [2] Patel et al., J Gen Intern Med 2018: 34.8 % of referrals scheduled and attended in a large system.
[3] O'Malley, Reschovsky, Arch Intern Med 2011: referring physicians get a consult report "always or most of the time" in
62 % of cases; specialists say they send it in 81 %. [4] Gandhi et al., J Gen Intern Med 2000: 25 % of specialists'
reports had not come after four weeks. [5] Dantas et al., Health Policy 2018: mean no-show rate 23 %; booked by phone with
a reminder 5 to 10 %. [6] DESIGN bands: untracked 50-60 % closed and 18-25 % leaked, tracked 85-92 % and under 10 %."""

from dataclasses import dataclass, fields, replace

Delay = tuple[float, float, float]


@dataclass(frozen=True)
class Act:
    """Something one side has to do: how likely by itself and after which delay, how likely after each reminder."""

    by_itself: float
    delay: Delay
    reminded: float
    reminded_delay: Delay


@dataclass(frozen=True)
class Assumptions:
    # -- the specialist's office ------------------------------------------------------------------------------------
    # Answers the referral. J: one in ten lies in a fax tray; S[2] half of the losses are before scheduling.
    answers: Act = Act(0.90, (0.1, 0.5, 2.5), 0.60, (0.1, 0.5, 2.0))
    declines: float = 0.04  # J: per answer; the engine routes again
    # Writes and sends the note. S[3], S[4]: 75-81 % send it unasked; asked for by name and date, most do. (J)
    sends_note: Act = Act(0.78, (0.2, 0.8, 4.0), 0.55, (0.2, 1.0, 4.0))
    # Says that the patient came. J. A note says it too.
    records_visit: Act = Act(0.93, (0.02, 0.1, 0.8), 0.75, (0.1, 0.4, 1.5))

    # -- whoever books: our scheduling desk, or the specialist's; its ordinary calls are not a coordinator's chasing --------
    # Makes the next call to the patient. J: the first is rarely forgotten, the third usually is.
    first_call: Act = Act(0.90, (0.1, 0.4, 1.5), 0.75, (0.1, 0.4, 1.5))
    next_call: Act = Act(0.86, (0.3, 0.8, 2.0), 0.70, (0.1, 0.4, 1.5))
    reached: float = 0.64  # S: outreach studies reach 55-65 % a call; (J) same for every call
    calls: int = 4  # then a letter, then "unreachable" (three attempts and a letter are the norm)
    says_unreachable: Act = Act(0.40, (5.0, 8.0, 15.0), 0.85, (1.0, 3.0, 6.0))  # J
    refuses: float = 0.032  # J: no wish for the visit any more
    goes_elsewhere: float = 0.020  # J

    # -- the patient and the visit ------------------------------------------------------------------------------------
    wait_days: tuple[float, float] = (1.0, 6.0)  # calendar days to the visit. J: a group with open access
    misses: float = 0.07  # S[5], with reminders
    # After a missed visit somebody books again. J: untracked, a third are never called again.
    books_again: Act = Act(0.60, (0.5, 2.0, 6.0), 0.70, (0.2, 1.0, 3.0))

    # -- our own desk ---------------------------------------------------------------------------------------------------
    # Nobody fits: the owner finds somebody by phone. J.
    finds_specialist: Act = Act(0.75, (0.5, 2.0, 8.0), 0.75, (0.2, 1.0, 3.0))
    # Files a note that no computer filed, or that needs a person. J: some wait in the pile for weeks.
    files_note: Act = Act(0.94, (0.2, 1.0, 6.0), 0.90, (0.05, 0.3, 1.5))
    # Sends our note to the referring office and hears that it came (inbound). J.
    delivers: Act = Act(0.95, (0.05, 0.3, 2.0), 0.90, (0.05, 0.3, 1.5))
    note_carries_number: float = 0.45  # J: the printed referral number comes back on less than half of the notes
    note_unclear: float = 0.12  # J: no birth date or a misspelt name on it: a person has to look

    # -- chasing by hand: what untracked groups do instead ----------------------------------------------------------------
    # While an open referral is in somebody's head, its state is asked by phone now and then. S[6]: 14-18 hours a week.
    status_check_share: float = 0.40  # of the open referrals, each round
    status_check_every: float = 10.0  # business days between rounds
    # A referral that is stuck is remembered by itself, late, and somebody pushes as if reminded. J.
    remembered: float = 0.42
    remembered_after: Delay = (8.0, 18.0, 45.0)
    rings_in_vain: float = 0.25  # J: of the reminders that change nothing, how many still cost a call

    # -- what a reminder is worth ---------------------------------------------------------------------------------------
    nudge_effect: float = 1.0  # every ``reminded`` share is multiplied by it; 0: the engine's reminders move nobody


# For --vary: one number at a time, to a worse and a better value.
VARIED: tuple[tuple[str, float, float], ...] = (
    ("nudge_effect", 0.5, 0.75),
    ("sends_note.by_itself", 0.65, 0.90),
    ("sends_note.reminded", 0.40, 0.80),
    ("answers.by_itself", 0.80, 0.96),
    ("reached", 0.50, 0.75),
    ("misses", 0.15, 0.04),
    ("refuses", 0.06, 0.01),
    ("note_unclear", 0.35, 0.05),
)


def with_value(assumptions: Assumptions, name: str, value: float) -> Assumptions:
    """A copy in which one number is another; ``name`` is a field, or ``field.part`` of an Act.

    Raises KeyError when there is no such number."""
    field, _, part = name.partition(".")
    if field not in {f.name for f in fields(Assumptions)}:
        raise KeyError(name)
    old = getattr(assumptions, field)
    if bool(part) != isinstance(old, Act) or (part and part not in {f.name for f in fields(Act)}):
        raise KeyError(name)
    return replace(assumptions, **{field: replace(old, **{part: value}) if part else value})
