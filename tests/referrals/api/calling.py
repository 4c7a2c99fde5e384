"""Call the API as an office would: with its token, JSON in and out."""

import itertools
import json
from typing import Any

from django.test import Client

from referrals.models import Office
from tests import factories

BASE = "/api/v1/"
PROBLEM = "application/problem+json"
_count = itertools.count(1)


class Caller:
    """An office with a token. Addresses are below /api/v1/ unless they begin with a slash."""

    def __init__(self, office: Office, *, token: str = ""):
        self.office = office
        self.token = token or factories.token(office)
        self.client = Client(raise_request_exception=False)

    def get(self, address: str, **query: Any):
        return self._call("GET", address, query_params=query)

    def post(self, address: str, body: Any = None, **headers: str):
        return self._call(
            "POST", address, data=json.dumps({} if body is None else body), content_type="application/json", **headers
        )

    def patch(self, address: str, body: Any):
        return self._call("PATCH", address, data=json.dumps(body), content_type="application/json")

    def upload(self, address: str, **form: Any):
        return self._call("POST", address, data=form)

    def do(self, number: str, action: str, **body: Any):
        return self.post(f"referrals/{number}/{action}/", body)

    def _call(self, method: str, address: str, **options: Any):
        headers = {"Authorization": f"Bearer {self.token}"} | {
            name.replace("_", "-"): value for name, value in options.items() if name[:1].isupper()
        }
        options = {name: value for name, value in options.items() if not name[:1].isupper()}
        where = address if address.startswith("/") else BASE + address
        return getattr(self.client, method.lower())(where, headers=headers, **options)


def body(**values: Any) -> dict[str, Any]:
    """A cardiology referral of a patient nobody else is."""
    n = next(_count)
    patient = {
        "family_name": f"Person{n}",
        "given_name": "Ada",
        "birth_date": "1958-07-01",
        "sex": "female",
        "phone": f"608-555-{7000 + n % 1000}",
        "zip_code": "53704",
    }
    return {
        "specialty": "cardiology",
        "clinical_question": "Exertional chest pain: is it the heart?",
        "diagnoses": ["I20.9"],
        "payer": "aetna-ppo",
        "patient": patient | values.pop("patient", {}),
    } | values


def problem_of(response, status: int, code: str) -> dict[str, Any]:
    """The problem details of ``response``, checked for shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    problem = response.json()
    assert problem["status"] == status
    assert problem["code"] == code, problem
    assert problem["type"] == f"/api/docs/problems#{code}"
    assert problem["title"] and problem["detail"]
    return problem


def fields_of(response) -> set[str]:
    """The field paths a 400 names."""
    return {error["field"] for error in problem_of(response, 400, "invalid")["errors"]}
