"""The escalation policies RefLoop starts with (DESIGN.md 5); staff edit them afterwards. Pure data."""

from referrals.lifecycle.states import Stage

OWNER, MANAGER, REFERRING, RECEIVING = "owner", "manager", "referring_office", "receiving_office"
BUSINESS_DAYS, HOURS = "business_days", "hours"

# (after, unit, audience, repeat every or None); the last rung repeats until the referral moves
SeedRung = tuple[int, str, str, int | None]


def _days(*rungs: tuple[int, str], repeat: int = 5) -> list[SeedRung]:
    seeded = [(after, BUSINESS_DAYS, audience, None) for after, audience in rungs]
    after, unit, audience, _ = seeded[-1]
    return [*seeded[:-1], (after, unit, audience, repeat)]


def _note_pending(first: int, second: int, third: int) -> list[SeedRung]:
    return _days((first, OWNER), (first, RECEIVING), (second, REFERRING), (second, RECEIVING), (third, MANAGER))


_ASAP = [(4, HOURS, OWNER, None), (8, HOURS, REFERRING, None), (1, BUSINESS_DAYS, MANAGER, 1)]

# (stage, priority or "" for any) -> rungs
SEED: dict[tuple[str, str], list[SeedRung]] = {
    (Stage.UNSCHEDULED, ""): _days((5, OWNER), (8, REFERRING), (12, MANAGER)),
    (Stage.UNSCHEDULED, "urgent"): _days((1, OWNER), (2, REFERRING), (3, MANAGER), repeat=1),
    (Stage.UNSCHEDULED, "asap"): _ASAP,
    (Stage.UNSCHEDULED, "stat"): _ASAP,
    (Stage.AWAITING_VISIT, ""): _days((1, OWNER), (3, RECEIVING)),
    (Stage.NOTE_PENDING, ""): _note_pending(10, 13, 18),
    (Stage.NOTE_PENDING, "urgent"): _note_pending(5, 7, 10),
    (Stage.NOTE_PENDING, "asap"): _note_pending(2, 3, 5),
    (Stage.NOTE_PENDING, "stat"): _note_pending(2, 3, 5),
    (Stage.UNRECONCILED, ""): _days((1, OWNER), (3, MANAGER)),
    (Stage.ON_HOLD, ""): _days((0, OWNER), (3, MANAGER)),
    (Stage.CANCELLING, ""): _days((2, OWNER)),
}
