"""Headers every answer carries."""

import pytest

from refloop_site.security_headers import ADMIN, STRICT


@pytest.mark.parametrize(("path", "policy"), [("/livez", STRICT), ("/nowhere", STRICT), ("/admin/login/", ADMIN)])
@pytest.mark.django_db
def test_content_security_policy_by_path(client, path, policy):
    assert client.get(path).headers["Content-Security-Policy"] == policy


def test_only_the_admin_may_evaluate_and_nothing_is_framed():
    assert "unsafe" not in STRICT
    assert "frame-ancestors 'none'" in STRICT
    assert "'unsafe-inline'" not in ADMIN.split("script-src")[1].split(";")[0]


def test_the_other_headers(client):
    headers = client.get("/livez").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
