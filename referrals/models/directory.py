"""Who exists: specialties, payers, offices and providers, ours and others."""

from django.db import models
from django.utils import timezone

from referrals.geography import coordinates_of_zip
from referrals.models.fields import Address, validate_npi, validate_phone
from referrals.names import name_key


class Specialty(models.Model):
    """A kind of specialist care, keyed by its NUCC health care provider taxonomy code."""

    code = models.SlugField(max_length=40, unique=True, help_text="Short name used in the API, such as cardiology.")
    name = models.CharField(max_length=80, unique=True)
    nucc_code = models.CharField(
        "NUCC code", max_length=10, unique=True, help_text="Ten characters, such as 207RC0000X for cardiology."
    )
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "specialties"

    def __str__(self) -> str:
        return self.name


class Payer(models.Model):
    """An insurance plan as offices name it, such as Aetna PPO."""

    code = models.SlugField(max_length=40, unique=True, help_text="Short name used in the API, such as aetna-ppo.")
    name = models.CharField(max_length=80, unique=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Office(Address):
    """A place that sends or receives referrals. ``is_ours`` decides the direction of a referral."""

    class Contact(models.TextChoices):
        PHONE = "phone", "Phone"
        FAX = "fax", "Fax"
        EMAIL = "email", "E-mail"
        API = "api", "API"

    name = models.CharField(max_length=120)
    npi = models.CharField(
        "NPI", max_length=10, unique=True, validators=[validate_npi], help_text="The office's type-2 NPI."
    )
    is_ours = models.BooleanField("one of ours", default=False, help_text="Belongs to the group that runs RefLoop.")
    phone = models.CharField(max_length=20, blank=True, validators=[validate_phone])
    fax = models.CharField(max_length=20, blank=True, validators=[validate_phone])
    email = models.EmailField("e-mail", blank=True)
    contact_preference = models.CharField(
        max_length=5, choices=Contact, default=Contact.PHONE, help_text="How this office wants to be reached first."
    )
    contact_notes = models.CharField(max_length=200, blank=True, help_text="For example: ask for Dana before noon.")
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["is_ours", "active"])]  # routing asks for our offices, or for the others

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        # Coordinates are derived: a moved office must never keep its old distance.
        found = coordinates_of_zip(self.zip_code)
        self.latitude, self.longitude = found or (None, None)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "latitude", "longitude"}
        super().save(*args, **kwargs)

    @property
    def coordinates(self) -> tuple[float, float] | None:
        return None if self.latitude is None or self.longitude is None else (self.latitude, self.longitude)


class Provider(models.Model):
    """A clinician who refers or is referred to."""

    npi = models.CharField(
        "NPI", max_length=10, unique=True, validators=[validate_npi], help_text="The clinician's type-1 NPI."
    )
    given_name = models.CharField(max_length=60)
    family_name = models.CharField(max_length=60)
    credentials = models.CharField(max_length=20, blank=True, help_text="Such as MD, DO, NP.")
    specialties = models.ManyToManyField(Specialty, blank=True, related_name="providers")
    offices = models.ManyToManyField(Office, blank=True, related_name="providers")
    payers = models.ManyToManyField(
        Payer, blank=True, related_name="providers", help_text="Plans accepted. Empty means not known yet."
    )
    accepting_new_patients = models.BooleanField(default=True)
    keeps_urgent_slots = models.BooleanField(default=False, help_text="Can see urgent referrals within days.")
    capacity = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Most referrals waiting to be seen at once. Empty means no limit known."
    )
    typical_wait_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Usual days from booking to the first visit."
    )
    phone = models.CharField(max_length=20, blank=True, validators=[validate_phone])
    active = models.BooleanField(default=True)
    name_key = models.CharField(max_length=120, editable=False, db_index=True)  # search by family name
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["family_name", "given_name"]

    def __str__(self) -> str:
        title = "Dr. " if self.credentials.upper().rstrip(".") in {"MD", "DO", "DPM", "DDS", "OD"} else ""
        suffix = "" if title or not self.credentials else f", {self.credentials}"
        return f"{title}{self.given_name} {self.family_name}{suffix}"

    def save(self, *args, **kwargs):
        self.name_key = name_key(self.family_name) + " " + name_key(self.given_name)
        super().save(*args, **kwargs)
