"""The yardstick of the sweep: its work as one SQL statement a batch, with nothing decided and nothing composed.

Every row gets the same next look and the same texts. ``bare`` claims, updates and inserts an event and a firing for each
row; ``told`` also a message (with contexts as long as real ones) and its delivery."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from notifications.models import Endpoint, Message
from referrals.models import EscalationRung

_BARE = """
    WITH due AS (
        SELECT id FROM referrals_referral WHERE ended_at IS NULL AND next_escalation_at <= %(now)s
        ORDER BY next_escalation_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    ), moved AS (
        UPDATE referrals_referral r SET version = version + 1, changed_at = %(now)s, next_escalation_at = %(next)s,
            overdue_since = coalesce(overdue_since, %(now)s)
        FROM due WHERE r.id = due.id RETURNING r.id, r.number, r.version, r.status, r.stage_stay, r.clock_from
    ), told AS (
        INSERT INTO referrals_referralevent (referral_id, version, kind, at, actor_kind, actor_label, from_status,
            to_status, data, xact_id)
        SELECT id, version, 'escalated', %(now)s, 'system', 'RefLoop', status, status,
            '{"stage": "unscheduled", "told": ["owner"], "missed": []}', 0 FROM moved RETURNING id, referral_id
    )"""
_FIRINGS = """
    INSERT INTO referrals_escalationfiring (referral_id, stay, stage, rung_key, repetition, audience, due_at, at, outcome,
        event_id)
    SELECT moved.id, stage_stay, 'unscheduled', %(rung)s, 0, 'owner', clock_from + interval '7 days', %(now)s, 'sent',
        told.id
    FROM moved JOIN told ON told.referral_id = moved.id"""
_MESSAGES = """
    , fired AS (""" + _FIRINGS + """
    ), messages AS (
        INSERT INTO notifications_message (topic, recipient_id, dedupe_key, about, context_full, context_minimal,
            nobody_to_tell, occurred_at, created_at)
        SELECT 'escalation.unscheduled', %(recipient)s, 'event:' || told.id || ':raw', moved.number, %(full)s, %(minimal)s,
            false, %(now)s, %(now)s
        FROM moved JOIN told ON told.referral_id = moved.id RETURNING id
    )
    INSERT INTO notifications_delivery (message_id, endpoint_id, public_id, status, attempts, next_attempt_at, leased_by,
        last_error, created_at)
    SELECT id, %(endpoint)s, 'msg_' || md5(id::text), 'queued', 0, %(now)s, '', '', %(now)s FROM messages"""  # fmt: skip


def bare(now: datetime, *, due: int, batch: int) -> None:
    rung = EscalationRung.objects.filter(policy__stage="unscheduled", policy__priority="", after=5).get()
    _run(_BARE + _FIRINGS, {"now": now, "rung": rung.pk}, due=due, batch=batch)


def told(now: datetime, *, due: int, batch: int) -> None:
    """Texts are those of a message RefLoop wrote before."""
    rung = EscalationRung.objects.filter(policy__stage="unscheduled", policy__priority="", after=5).get()
    like = Message.objects.filter(topic="escalation.unscheduled").latest("pk")
    values = {
        "now": now,
        "rung": rung.pk,
        "recipient": like.recipient_id,
        "endpoint": Endpoint.objects.filter(recipient=like.recipient_id).first().pk,
        "full": connection.ops.adapt_json_value(like.context_full, None),
        "minimal": connection.ops.adapt_json_value(like.context_minimal, None),
    }
    _run(_BARE + _MESSAGES, values, due=due, batch=batch)


def _run(statement: str, values: dict, *, due: int, batch: int) -> None:
    done = 0
    while done < due:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values | {"next": values["now"] + timedelta(days=3), "batch": batch})
            assert cursor.rowcount > 0
            done += cursor.rowcount
