"""Figures in templates."""

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """``87.4 %`` of a share from 0 to 1; a dash for none."""
    return "–" if share is None else f"{share * 100:.1f} %"


@register.filter
def thousands(count: int) -> str:
    """``47,708``."""
    return f"{count:,}"
