"""Instants in templates, all in one style: ``{{ at|moment }}``, ``{{ at|ago }}``, ``{{ day|weekday }}``."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html

from referrals.admin import wording
from referrals.practice import moments
from referrals.practice.calendar import practice_calendar

register = template.Library()


@register.filter
def moment(at: datetime | None) -> str:
    """``Tue Nov 24, 2:10 PM · 3 business days ago`` in the practice's zone; empty for None."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), wording.moment(at)) if at else ""


@register.filter
def ago(at: datetime | None) -> str:
    """``3 business days ago`` or ``in 2 h``; the day and hour show on hovering. Empty for None."""
    if at is None:
        return ""
    now, calendar = wording.now(), practice_calendar()
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        moments.absolute(at, now, calendar),
        moments.relative(at, now, calendar),
    )


@register.filter
def weekday(day: date | datetime | None) -> str:
    """``Tue Nov 24``, with the year when it is not this one; a day, or the practice's day of an instant."""
    if day is None:
        return ""
    calendar = practice_calendar()
    plain = calendar.local_date(day) if isinstance(day, datetime) else day
    return moments.day_words(plain, calendar.local_date(wording.now()))


@register.filter
def born(day: date | None) -> str:
    """``03/04/1961``, as it stands on charts and insurance cards."""
    return f"{day:%m/%d/%Y}" if day else ""
