"""Ending reasons, the fallback desk and common specialties. Staff may edit them all afterwards."""

from django.db import migrations

# code, label, ends as, counts as leakage, leaves the cohort
REASONS = [
    ("referrer_cancelled", "Referring office cancelled", "cancelled", False, False),
    ("no_longer_needed", "No longer needed", "cancelled", False, False),
    ("authorization_denied", "Authorization denied", "cancelled", True, False),
    ("no_specialist_available", "No specialist available", "cancelled", True, False),
    ("patient_deceased", "Patient died", "cancelled", False, False),
    ("entered_in_error", "Entered in error", "cancelled", False, True),
    ("duplicate", "Duplicate of another referral", "cancelled", False, True),
    ("unreachable", "Patient could not be reached", "lost", True, False),
    ("patient_refused", "Patient does not want the visit", "lost", True, False),
    ("went_elsewhere", "Patient went elsewhere", "lost", True, False),
    ("repeated_no_show", "Patient missed the visit repeatedly", "lost", True, False),
    ("expired", "Referral or authorization expired", "lost", True, False),
    ("moved_away", "Patient moved away", "lost", True, False),
    ("note_not_obtainable", "Note could not be obtained", "closed_without_note", True, False),
    ("specialist_writes_no_note", "Specialist wrote no note", "closed_without_note", True, False),
    ("verbal_report_only", "Report given by phone only", "closed_without_note", True, False),
]
# code, name, NUCC health care provider taxonomy code (version 24)
SPECIALTIES = [
    ("allergy-immunology", "Allergy & Immunology", "207K00000X"),
    ("cardiology", "Cardiology", "207RC0000X"),
    ("dermatology", "Dermatology", "207N00000X"),
    ("endocrinology", "Endocrinology", "207RE0101X"),
    ("ent", "Otolaryngology (ENT)", "207Y00000X"),
    ("family-medicine", "Family Medicine", "207Q00000X"),
    ("gastroenterology", "Gastroenterology", "207RG0100X"),
    ("general-surgery", "General Surgery", "208600000X"),
    ("hematology-oncology", "Hematology & Oncology", "207RH0003X"),
    ("infectious-disease", "Infectious Disease", "207RI0200X"),
    ("internal-medicine", "Internal Medicine", "207R00000X"),
    ("nephrology", "Nephrology", "207RN0300X"),
    ("neurology", "Neurology", "2084N0400X"),
    ("neurosurgery", "Neurosurgery", "207T00000X"),
    ("obstetrics-gynecology", "Obstetrics & Gynecology", "207V00000X"),
    ("ophthalmology", "Ophthalmology", "207W00000X"),
    ("orthopedics", "Orthopedic Surgery", "207X00000X"),
    ("pain-medicine", "Pain Medicine", "208VP0014X"),
    ("pediatrics", "Pediatrics", "208000000X"),
    ("physical-medicine", "Physical Medicine & Rehabilitation", "208100000X"),
    ("podiatry", "Podiatry", "213E00000X"),
    ("psychiatry", "Psychiatry", "2084P0800X"),
    ("pulmonology", "Pulmonology", "207RP1001X"),
    ("rheumatology", "Rheumatology", "207RR0500X"),
    ("urology", "Urology", "208800000X"),
    ("vascular-surgery", "Vascular Surgery", "2086S0129X"),
]


def forwards(apps, schema_editor):
    EndingReason = apps.get_model("referrals", "EndingReason")
    for code, label, ends_as, leakage, excluded in REASONS:
        EndingReason.objects.get_or_create(
            code=code,
            defaults={
                "label": label,
                "ends_as": ends_as,
                "counts_as_leakage": leakage,
                "excludes_from_cohort": excluded,
            },
        )
    Specialty = apps.get_model("referrals", "Specialty")
    for code, name, nucc_code in SPECIALTIES:
        Specialty.objects.get_or_create(code=code, defaults={"name": name, "nucc_code": nucc_code})
    apps.get_model("referrals", "Coordinator").objects.get_or_create(
        is_fallback=True, defaults={"name": "Referral desk"}
    )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_append_only_events")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
