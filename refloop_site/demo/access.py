"""Who gets into the demo: sign-ins and office tokens, kept beside the data in a file only its owner can read."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from referrals import tokens
from referrals.models import Office
from refloop_site.demo.directory_tables import OUR_OFFICES, REFERRING_PRACTICES, SPECIALIST_OFFICES
from refloop_site.demo.people import SIGN_INS, Staff

FILE = "access.json"
# One office of each kind: ours, a specialist we refer to, a practice that refers to us.
TOKEN_OFFICES = (OUR_OFFICES[0].name, SPECIALIST_OFFICES[4].name, REFERRING_PRACTICES[0].name)


@dataclass(frozen=True)
class Access:
    """``passwords`` by user name, ``tokens`` (whole texts) by office name."""

    passwords: dict[str, str]
    tokens: dict[str, str]


def issue(staff: Staff, *, folder: Path, now: datetime) -> Access:
    """Issue the demo's tokens and write everything to the file (mode 0600)."""
    issued = {
        name: tokens.issue(office=Office.objects.get(name=name), name="Demo", now=now).text for name in TOKEN_OFFICES
    }
    access = Access(staff.passwords, issued)
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"passwords": access.passwords, "tokens": access.tokens}, file, indent=1)
    return access


def read(folder: Path) -> Access:
    stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Access(stored["passwords"], stored["tokens"])


def welcome(access: Access, *, address: str) -> str:
    """What is printed when the demo is ready. ``address`` is such as http://127.0.0.1:8000."""
    roles = {person.username: person.role for person in SIGN_INS}
    sign_ins = [f"    {name:<9} {password:<32} {roles[name]}" for name, password in access.passwords.items()]
    offices = [f"    {office:<28} {text}" for office, text in access.tokens.items()]
    first = next(iter(access.tokens.values()))
    return "\n".join(
        [
            "",
            f"  Workspace     {address}/admin/",
            f"  API and docs  {address}/api/docs/",
            f"  Health        {address}/healthz (the queue reports within a minute)",
            "",
            "  Sign in as (demo only)",
            *sign_ins,
            "",
            "  Office tokens",
            *offices,
            "",
            "  Try the API",
            f'    curl -H "Authorization: Bearer {first}" "{address}/api/v1/referrals/?status=seen"',
            "",
        ]
    )
