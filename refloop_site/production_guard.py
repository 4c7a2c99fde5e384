"""What production refuses to start with."""

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 50  # characters; Django's own generator makes 50


def refuse_unsafe(*, secret_key: str, allowed_hosts: list[str], debug: bool, cookies_over_https_only: bool) -> None:
    """Raise ImproperlyConfigured naming every unsafe setting and how to mend it; return None when all are safe."""
    problems = []
    if len(secret_key) < SHORTEST_SECRET or len(set(secret_key)) < 10 or "not-a-secret" in secret_key:
        problems.append(
            f"SECRET_KEY must be at least {SHORTEST_SECRET} random characters "
            '(make one: python3 -c "import secrets; print(secrets.token_urlsafe(50))")'
        )
    if not allowed_hosts or any(host.strip() in {"*", ""} for host in allowed_hosts):
        problems.append("ALLOWED_HOSTS must name the host names you serve, e.g. refloop.example.org (never *)")
    if debug:
        problems.append("DEBUG must be off: its error pages show patient data")
    if not cookies_over_https_only:
        problems.append("REFLOOP_HTTPS must be on: sign-in cookies may only travel over HTTPS")
    if problems:
        raise ImproperlyConfigured(
            "RefLoop will not start in production:\n  - "
            + "\n  - ".join(problems)
            + "\nFor a trial on this machine run `python manage.py demo`, or set REFLOOP_ENV=development."
        )
