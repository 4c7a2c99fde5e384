"""From "no specialist" to an answer: chosen by hand, accepted, declined, asked back, cancelled."""

from referrals.actions import answering, contacts, ending, holding
from referrals.models import Provider
from referrals.routing.choose import route_by_hand
from refloop_site.demo import behaviour as b
from refloop_site.demo.journey import Journey, Step


def unrouted(j: Journey) -> Step:
    """Nobody fits: the owner finds somebody by phone, or it ends."""
    yield j.later(b.UNROUTED_LOOKED_AT)
    there = Provider.objects.filter(specialties=j.referral.specialty_id, offices__isnull=False).order_by("pk")
    if j.referral.direction == "inbound":
        there = there.filter(offices__is_ours=True)
    if j.chance(b.UNROUTED_CHOSEN_BY_HAND) and (choices := list(there.distinct())):
        provider = j.rng.choice(choices)
        offices = [o for o in provider.offices.order_by("pk") if o.is_ours or j.referral.direction != "inbound"]
        why = "Agreed by phone although the directory says otherwise"
        j.do(route_by_hand, j.owner, office=offices[0], provider=provider, comment=why)
    elif j.chance(b.UNROUTED_LOST):
        j.end(ending.mark_lost, j.owner, "went_elsewhere", "Found a specialist outside the area.")
    else:
        j.end(ending.cancel, j.owner, "no_specialist_available", "Nobody in network.")


def unanswered(j: Journey) -> Step:
    """The specialist has it: they answer, sometimes only after being asked again."""
    if j.chance(b.ANSWER_FORGOTTEN):
        yield j.later(b.FORGOTTEN)
        j.do(
            contacts.log_contact,
            j.owner,
            party="receiving_office",
            outcome="left_message",
            comment="Asked for an answer",
        )
    yield j.later(b.ANSWER)
    if j.once("may be cancelled", b.CANCELLED_BEFORE_ANSWER):
        j.do(ending.cancel, j.referrer, comment="Symptoms have gone, no longer needed.")
    elif j.once("may be asked back", b.INFORMATION_ASKED):
        question = j.rng.choice(b.INFORMATION_QUESTIONS)
        j.do(answering.request_information, j.receiver, question=question)
        j.memory["information"] = True
    elif j.chance(b.DECLINED):
        decline(j)
    elif j.chance(b.BOOKED_WITHOUT_ACCEPTING):
        j.memory["books at once"] = True
        j.do(answering.accept, j.receiver, comment="Date follows")
    else:
        j.do(answering.accept, j.receiver)


def decline(j: Journey) -> None:
    whole = j.chance(b.DECLINED_BY_WHOLE_OFFICE)
    j.do(answering.decline, j.receiver, reason=j.rng.choice(b.DECLINE_REASONS), whole_office=whole)


def on_hold(j: Journey) -> Step:
    """Information arrives, or what the hold waited for."""
    if j.memory.pop("information", False):
        yield j.later(b.INFORMATION_COMES)
        j.do(holding.resume, j.referrer, comment="Sent what was asked for")
        return
    yield max(j.later(b.SOON), j.memory["hold until"])
    if j.chance(b.HOLD_FORGOTTEN):
        yield j.later(b.FORGOTTEN)
    j.do(holding.resume, j.owner, comment="Can go on")
