"""The schema describes every operation, and its pages open without a token and without a CDN."""

import re

import pytest
from django.core.management import call_command

from referrals.api.schema import TAGS
from referrals.api.views.docs import schema
from referrals.lifecycle.states import Action

METHODS = ("get", "post", "patch")
OPERATIONS = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, item in schema()["paths"].items()
    for method, operation in item.items()
]


def test_it_validates_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_is_described(path, method, operation):
    assert method in METHODS
    assert operation["summary"] and operation["description"]
    assert operation["tags"][0] in {name for name, _ in TAGS}
    assert operation["security"] == [{"officeToken": []}]
    statuses = set(operation["responses"])
    assert {"401", "429"} <= statuses
    assert statuses & {"200", "201", "202"}
    if "{number}" in path:
        assert "404" in statuses
    if method != "get":
        assert {"400", "415"} <= statuses
    if method == "post" and "{number}" in path:
        assert "409" in statuses
    for status, response in operation["responses"].items():
        if status >= "400":
            assert "application/problem+json" in response["content"]
            in_other_words = set(response["content"]) - {"application/problem+json"}
            assert not in_other_words or path == "/api/v1/incoming-documents/"


def test_names_are_for_people():
    names = schema()["components"]["schemas"]
    assert not [name for name in names if re.search(r"[0-9a-f]{3}Enum$", name)]
    assert {"Status", "Stage", "Priority", "Direction"} <= set(names)


def test_the_manual_names_every_action_and_every_call_of_the_walks():
    manual = schema()["info"]["description"]
    for word in ("Idempotency-Key", "expected_version", "allowed_actions", "Retry-After", "next_cursor", "401", "409"):
        assert word in manual
    for address in ("/accept/", "/appointments/", "/mark-seen/", "/documents/", "/reconcile/", "/acknowledge/"):
        assert address in manual
    described = " ".join(o.values[2]["operationId"] for o in OPERATIONS)
    assert all(
        f"referrals_{action}" in described
        for action in Action
        if action not in ("capture", "attach_note", "add_document")
    )


def test_docs_open_without_a_token_and_load_only_from_here(client):
    page = client.get("/api/docs/")
    assert page.status_code == 200
    html = page.content.decode()
    assert not re.search(r"""(src|href)=["'](https?:)?//""", html)
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", html)
    assert scripts and all("src=" in attributes and not inline.strip() for attributes, inline in scripts)
    assert "unsafe-inline" not in page["Content-Security-Policy"].replace("style-src 'self' 'unsafe-inline'", "")
    script = client.get("/api/docs/?script=")
    assert script.status_code == 200 and "javascript" in script["Content-Type"]
    assert "/api/schema/" in script.content.decode()


def test_the_root_leads_to_the_docs_and_the_schema_is_json(client):
    assert client.get("/api/")["Location"] == "/api/docs/"
    answer = client.get("/api/schema/")
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.")
