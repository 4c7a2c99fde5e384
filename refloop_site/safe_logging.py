"""Structured logs that never carry patient data.

One JSON object a line. A message's arguments and an exception's text are where names, birth dates and numbers slip
into logs (a unique violation prints the row), so only the constant part of a message is written, exceptions are
written as type and places, and extra fields only if they are on the list below.
"""

import logging
import traceback

from pythonjsonlogger.json import JsonFormatter

ALLOWED_EXTRA = frozenset(
    {
        "referral", "version", "action", "kind", "office_id", "token_prefix", "user_id", "task", "schedule",
        "count", "seconds", "status", "status_code", "document_id", "event_id", "check", "error_id",
    }
)  # fmt: skip
# These loggers' arguments are written by servers about themselves (ports, pids, worker names).
ARGUMENTS_ARE_SAFE = ("gunicorn.error", "django-q", "refloop.ops")


class SafeJsonFormatter(JsonFormatter):
    """Format a record as JSON from its constant message, allowed extras and exception type."""

    def __init__(self, *args, **kwargs):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", *args, **kwargs)

    def format(self, record: logging.LogRecord) -> str:
        safe = logging.LogRecord(
            record.name, record.levelno, record.pathname, record.lineno, self._message(record), None, None
        )
        safe.created, safe.msecs = record.created, record.msecs
        for name in ALLOWED_EXTRA & record.__dict__.keys():
            setattr(safe, name, getattr(record, name))
        if record.exc_info and record.exc_info[0]:
            safe.exception = record.exc_info[0].__name__
            safe.places = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return super().format(safe)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        if record.name == "django-q" and record.levelno >= logging.ERROR:
            # "Failed 'task' (name) - <text of the error and its traceback>": the text may print a row.
            return record.getMessage().partition(" - ")[0].splitlines()[0]
        if record.name.startswith(ARGUMENTS_ARE_SAFE):
            return record.getMessage()
        return str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__
