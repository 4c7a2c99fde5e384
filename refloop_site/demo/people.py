"""The group's own people: sign-ins, coordinators with what they own, absences and who covers."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from referrals.models import Absence, Coordinator, Specialty
from referrals.practice.calendar import practice_calendar
from refloop_site.demo.directory import Directory


@dataclass(frozen=True)
class SignIn:
    """``role`` is a group, or "administrator" for a superuser; printed when the demo starts."""

    username: str
    given: str
    family: str
    role: str


SIGN_INS = (
    SignIn("admin", "Ada", "Winters", "administrator"),
    SignIn("maya", "Maya", "Lindell", "Coordinator"),
    SignIn("rosa", "Rosa", "Delgado", "Coordinator"),
    SignIn("grace", "Grace", "Tillman", "Manager"),
    SignIn("arthur", "Arthur", "Quill", "Auditor"),
    SignIn("dana", "Dana", "Whitcomb", "Directory editor"),
)
# Coordinators who appear on timelines but whose sign-in is not handed out.
COLLEAGUES = (
    SignIn("terrence", "Terrence", "Osei", "Coordinator"),
    SignIn("ben", "Ben", "Tran", "Coordinator"),
    SignIn("aisha", "Aisha", "Grant", "Coordinator"),
)
# username, direction, specialties, keys of our offices (empty: any)
OWNERSHIP = (
    ("maya", "inbound", ("cardiology", "neurology", "endocrinology", "rheumatology"), ()),
    ("terrence", "inbound", ("orthopedics", "gastroenterology", "dermatology"), ()),
    ("rosa", "outbound", (), ("downtown",)),
    ("ben", "outbound", (), ("westgate", "sunprairie")),
    ("aisha", "internal", (), ()),
)
_WORDS = (
    "maple",
    "otter",
    "harbor",
    "lantern",
    "prairie",
    "cedar",
    "heron",
    "copper",
    "willow",
    "meadow",
    "garnet",
    "birch",
)


@dataclass
class Staff:
    """Users by coordinator, the manager, and the passwords of SIGN_INS by user name."""

    user_of: dict[int, User] = field(default_factory=dict)  # by Coordinator.pk
    manager: User | None = None
    passwords: dict[str, str] = field(default_factory=dict)


def build(directory: Directory, *, now: datetime) -> Staff:
    """Make users, coordinators and absences (one in the past, one around ``now`` with a cover)."""
    staff = Staff()
    users = {}
    for person in (*SIGN_INS, *COLLEAGUES):
        password = new_password() if person in SIGN_INS else None
        users[person.username] = _user(person, password)
        if password:
            staff.passwords[person.username] = password
    staff.manager = users["grace"]
    coordinators = {}
    for username, direction, specialties, offices in OWNERSHIP:
        user = users[username]
        made = Coordinator.objects.create(name=user.get_full_name(), user=user, direction=direction)
        made.specialties.set(Specialty.objects.filter(code__in=specialties))
        made.offices.set([directory.offices[key] for key in offices])
        coordinators[username] = made
        staff.user_of[made.pk] = user
    _absences(coordinators, now)
    return staff


def new_password() -> str:
    """Three words and four digits: easy to type for a person, made anew for every data set."""
    return "-".join([*(secrets.choice(_WORDS) for _ in range(3)), f"{secrets.randbelow(10_000):04d}"])


def _user(person: SignIn, password: str | None) -> User:
    administrator = person.role == "administrator"
    user = User.objects.create(
        username=person.username,
        first_name=person.given,
        last_name=person.family,
        email=f"{person.username}@lanternbay.example.org",
        password=make_password(password),
        is_staff=True,
        is_superuser=administrator,
    )
    if not administrator:
        user.groups.add(Group.objects.get(name=person.role))
    return user


def _absences(coordinators: dict[str, Coordinator], now: datetime) -> None:
    today = practice_calendar().local_date(now)
    for who, cover, first, last in (("terrence", "maya", -2, 5), ("rosa", "ben", -64, -58)):
        Absence.objects.create(
            coordinator=coordinators[who],
            cover=coordinators[cover],
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
        )
