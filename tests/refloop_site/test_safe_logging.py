"""What stands in a log line, and what never does."""

import json
import logging
import sys

from django.conf import settings

from refloop_site.safe_logging import SafeJsonFormatter

PATIENT = "Marisol Vang 1961-03-04"


def line(message, *args, name="refloop.referrals", exc_info=None, **extra) -> dict:
    record = logging.LogRecord(name, logging.INFO, __file__, 1, message, args, exc_info)
    record.__dict__.update(extra)
    text = SafeJsonFormatter().format(record)
    assert "\n" not in text
    return json.loads(text) | {"text": text}


def test_the_constant_message_and_allowed_extras_are_written():
    written = line("referral changed", referral="RL-7K3M-9QXC", version=3, action="accept")
    assert (written["message"], written["referral"], written["version"]) == ("referral changed", "RL-7K3M-9QXC", 3)


def test_arguments_are_not_written():
    assert PATIENT not in line("no match for %s", PATIENT)["text"]


def test_unknown_extras_are_not_written():
    assert PATIENT not in line("looked up", patient=PATIENT, search=PATIENT)["text"]


def test_an_exceptions_text_is_not_written_but_its_type_and_place_are():
    try:
        try:
            raise KeyError(PATIENT)
        except KeyError as cause:
            raise ValueError(f"duplicate key value: ({PATIENT})") from cause
    except ValueError:
        written = line("capture failed", exc_info=sys.exc_info())
    assert PATIENT not in written["text"]
    assert written["exception"] == "ValueError"
    assert any("test_safe_logging.py" in place for place in written["places"])


def test_an_object_instead_of_a_message_is_named_by_its_type():
    assert line(ValueError(PATIENT))["message"] == "ValueError"


def test_servers_own_arguments_are_written():
    assert line("worker %s exited", 4711, name="gunicorn.error")["message"] == "worker 4711 exited"


def test_no_handler_goes_around_the_safe_formatter():
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"safe_json"}


def test_the_queues_line_about_a_failed_task_names_the_task_and_not_its_error():
    record = logging.LogRecord(
        "django-q",
        logging.ERROR,
        __file__,
        1,
        f"Failed 'referrals.tasks.sweep' (four-bird) - {PATIENT}\n at x",
        (),
        None,
    )
    assert json.loads(SafeJsonFormatter().format(record))["message"] == "Failed 'referrals.tasks.sweep' (four-bird)"


def test_the_queue_logs_through_nothing_else():
    assert not [h for h in logging.getLogger("django-q").handlers if not isinstance(h.formatter, SafeJsonFormatter)]
