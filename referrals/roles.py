"""The roles as Django groups. Migrations call ``make_roles``; a later one may call it again with more."""

# What each role may do: model -> verbs, and the referral permissions of lifecycle.permissions.
_DIRECTORY = ("office", "provider", "specialty", "payer")
_CLINICAL = (
    "patient", "patientname", "patientidentifier", "referral", "referralevent", "appointment", "encounter",
    "contactattempt", "document", "documentversion", "reconciliation", "routingdecision", "routingexclusion",
    "incomingdocument", "arrival", "matchdecision",
)  # fmt: skip
_STAFF = ("coordinator", "absence", "endingreason")
_CLOCK = ("escalationpolicy", "escalationrung", "escalationfiring", "sweepfailure", "closure", "deadlinereview")
_REPORTING = ("reportsettings", "servicevalue", "chaseminutes", "target", "periodclose", "periodrow")
_MESSAGES = ("recipient", "endpoint", "message", "delivery", "attempt", "inboxitem")


def _all(verbs: str, models: tuple[str, ...]) -> set[str]:
    return {f"{verb}_{model}" for verb in verbs.split() for model in models}


_READ_ALL = _all("view", _DIRECTORY + _CLINICAL + _STAFF + _CLOCK + _MESSAGES + _REPORTING)
_PATIENT_EDIT = _all("add change", ("patient", "patientname", "patientidentifier")) | {
    "delete_patientname",
    "delete_patientidentifier",
}
_WORK = {
    "capture_referral", "work_referral", "change_referral", "add_referral", "add_incomingdocument",
    "review_incomingdocument", "export_referral",
}  # fmt: skip
MANAGER = "Manager"  # messages to the managers go to the members of this one
ROLES: dict[str, set[str]] = {
    "Coordinator": _READ_ALL | _PATIENT_EDIT | _WORK | {"reopen_referral", "resend_delivery", "change_inboxitem"},
    MANAGER: _READ_ALL
    | _PATIENT_EDIT
    | _WORK
    | {
        "reopen_referral",
        "void_referral",
        "view_officetoken",
        "add_officetoken",
        "change_officetoken",
        "view_heartbeat",
    }
    | _all("add change", _STAFF + _DIRECTORY + ("escalationpolicy", "escalationrung", "closure", "endpoint"))
    | {"delete_absence", "delete_escalationpolicy", "delete_escalationrung", "delete_closure"}
    | {"resend_delivery", "change_inboxitem", "change_recipient"}
    | {"change_reportsettings", "change_chaseminutes", "close_period"}
    | _all("add change delete", ("servicevalue", "target")),
    "Auditor": _READ_ALL | {"view_officetoken", "view_heartbeat", "view_recordread", "export_referral"},
    "Directory editor": _all("view add change", _DIRECTORY),
    # Follows up who opened what; the people and offices are there to filter by, the rest of a record is not shown.
    "Privacy officer": {"view_recordread", "view_patient", "view_office", "view_coordinator"},
}


APPS = ("referrals", "notifications", "reporting")


def make_roles(apps, *, roles: dict[str, set[str]] = ROLES) -> None:
    """Create the groups and give each exactly the permissions of its role that exist; other groups are untouched."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in roles.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(content_type__app_label__in=APPS, codename__in=codenames))
