"""Attempts to reach somebody about a referral."""

from django.db import models

from referrals.models.referral import Referral


class ContactAttempt(models.Model):
    """One try. Three on different days, then a letter, come before a patient is called unreachable."""

    class Party(models.TextChoices):
        PATIENT = "patient", "Patient"
        RECEIVING = "receiving_office", "Receiving office"
        REFERRING = "referring_office", "Referring office"

    class Channel(models.TextChoices):
        PHONE = "phone", "Phone"
        SMS = "sms", "Text message"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"
        PORTAL = "portal", "Portal"
        FAX = "fax", "Fax"
        IN_PERSON = "in_person", "In person"

    class Outcome(models.TextChoices):
        REACHED = "reached", "Reached"
        LEFT_MESSAGE = "left_message", "Left a message"
        NO_ANSWER = "no_answer", "No answer"
        WRONG_NUMBER = "wrong_number", "Wrong number"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Does not want the visit"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="contact_attempts")
    at = models.DateTimeField()
    party = models.CharField(max_length=16, choices=Party, default=Party.PATIENT)
    channel = models.CharField(max_length=9, choices=Channel, default=Channel.PHONE)
    outcome = models.CharField(max_length=12, choices=Outcome)
    comment = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return (
            f"{self.get_channel_display()} to {self.get_party_display().lower()}: {self.get_outcome_display().lower()}"
        )
