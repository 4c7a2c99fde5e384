"""An installed Chromium and a signed-in page; skipped where there is none, unless one is demanded."""

import os
import shutil

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils import timezone

from referrals.models import TourTaken

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    if os.environ.get("REFLOOP_NO_BROWSER"):
        pytest.skip("REFLOOP_NO_BROWSER is set")
    if not os.path.exists(CHROMIUM):
        if os.environ.get("REFLOOP_REQUIRE_BROWSER"):
            pytest.fail("Chromium is not installed, and REFLOOP_REQUIRE_BROWSER is set")
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    seeded = connection._test_serialized_contents
    with sync_api.sync_playwright() as playwright:
        # With that event loop running Django hands out another connection object: it must know the seeded rows too,
        # or serialized_rollback restores nothing.
        connection._test_serialized_contents = seeded
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, live_server):
    """``open_page(user, width=…)``: a page signed in as ``user`` that collects what the console complains about.

    The tour begins by itself only for somebody who ``is_new``."""
    contexts = []

    def opened(user, *, width: int = 1440, scheme: str = "light", scripts: bool = True, is_new: bool = False):
        if not is_new:
            TourTaken.objects.get_or_create(user=user, defaults={"at": timezone.now()})
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            base_url=live_server.url,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.complaints = []
        page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()


def session_of(user) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
