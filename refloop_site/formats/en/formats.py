"""``Tue Nov 24, 2026, 2:10 PM``; Django's own ``Nov. 24, 2026, 2:10 p.m.`` would be a second way of writing it."""

DATE_FORMAT = "D M j, Y"
TIME_FORMAT = "g:i A"
DATETIME_FORMAT = "D M j, Y, g:i A"
