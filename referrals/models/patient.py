"""Patients: names (also former ones), identifiers per assigner, and how to reach them."""

from django.db import models

from referrals.languages import language_name
from referrals.models.directory import Office
from referrals.models.fields import Address, validate_phone
from referrals.names import full_name, initials, name_key, number_key, sound


class Patient(Address):
    """A person as RefLoop knows them. ``family_name`` and ``given_name`` are the current official name."""

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Other"
        UNKNOWN = "unknown", "Unknown"

    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    middle_name = models.CharField(max_length=80, blank=True)
    suffix = models.CharField(max_length=20, blank=True, help_text="Such as Jr.")
    birth_date = models.DateField()
    sex = models.CharField(max_length=7, choices=Sex, default=Sex.UNKNOWN)
    phone = models.CharField(max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField("e-mail", blank=True)
    language = models.CharField(max_length=35, blank=True, default="en", help_text="BCP 47 tag, such as en or es.")
    needs_interpreter = models.BooleanField(default=False)
    family_key = models.CharField(max_length=80, editable=False)
    given_key = models.CharField(max_length=80, editable=False)
    family_sound = models.CharField(
        max_length=8, default="", editable=False
    )  # Metaphone: a misread name is still found
    created_at = models.DateTimeField(editable=False)

    class Meta:
        ordering = ["family_name", "given_name"]
        indexes = [
            models.Index(fields=["birth_date", "family_key"]),  # capture looks for the same person by these
            models.Index(fields=["family_sound", "birth_date"], name="patient_sound"),  # incoming notes, misread names
            models.Index(fields=["phone"]),  # search by the number that called
            # search as people type it: a prefix of the family name, then of the given name
            models.Index(
                fields=["family_key", "given_key"], name="patient_name_prefix", opclasses=["varchar_pattern_ops"] * 2
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_name}"

    @property
    def full_name(self) -> str:
        return full_name(self.given_name, self.middle_name, self.family_name, self.suffix)

    @property
    def language_name(self) -> str:
        return language_name(self.language)

    @property
    def initials(self) -> str:
        return initials(self.given_name, self.family_name)

    def save(self, *args, **kwargs):
        self.family_key, self.given_key = name_key(self.family_name), name_key(self.given_name)
        self.family_sound = sound(self.family_key)
        super().save(*args, **kwargs)


class PatientName(models.Model):
    """Another name the same person has or had."""

    class Use(models.TextChoices):
        FORMER = "former", "Former"
        NICKNAME = "nickname", "Nickname"
        ALIAS = "alias", "Alias"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="other_names")
    use = models.CharField(max_length=8, choices=Use, default=Use.FORMER)
    family_name = models.CharField(max_length=80, blank=True)
    given_name = models.CharField(max_length=80, blank=True)
    family_key = models.CharField(max_length=80, editable=False, db_index=True)
    given_key = models.CharField(max_length=80, editable=False)

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() + f" ({self.get_use_display().lower()})"

    def save(self, *args, **kwargs):
        self.family_key, self.given_key = name_key(self.family_name), name_key(self.given_name)
        super().save(*args, **kwargs)


class PatientIdentifier(models.Model):
    """A number some assigner gave the patient: an MRN of an office, a member id of a payer."""

    class Type(models.TextChoices):
        MRN = "MR", "Medical record number"
        MEMBER = "MB", "Member number"
        OTHER = "XX", "Other"

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="identifiers")
    type = models.CharField(max_length=2, choices=Type, default=Type.MRN)
    assigner = models.CharField(
        max_length=120, help_text="Who gave the number: npi: and the office's NPI, an OID, or a URI."
    )
    value = models.CharField(max_length=64, db_index=True)  # staff search an MRN without its assigner
    value_key = models.CharField(
        max_length=64, default="", editable=False, db_index=True
    )  # however a document writes it

    class Meta:
        constraints = [
            # One number of one assigner is one person: the hardest identity evidence there is.
            models.UniqueConstraint(fields=["assigner", "type", "value"], name="identifier_names_one_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.value}"

    def save(self, *args, **kwargs):
        self.value_key = number_key(self.value)
        super().save(*args, **kwargs)


def office_assigner(office: Office) -> str:
    """The assigner under which an office's own record numbers are stored."""
    return f"npi:{office.npi}"
