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
        NO_ANSWER = "no_answer", "No answer"
        LEFT_MESSAGE = "left_message", "Left a voicemail or message"
        WRONG_NUMBER = "wrong_number", "Wrong number"
        REACHED = "reached", "Reached"
        CALL_BACK = "call_back", "Reached: call back on a day"
        SCHEDULED = "scheduled", "Reached: visit agreed"
        REFUSED = "refused", "Reached: does not want the visit"
        SENT = "sent", "Sent"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="contact_attempts")
    at = models.DateTimeField()
    party = models.CharField(max_length=16, choices=Party, default=Party.PATIENT)
    channel = models.CharField(max_length=9, choices=Channel, default=Channel.PHONE)
    outcome = models.CharField(max_length=12, choices=Outcome)
    call_back_on = models.DateField(null=True, blank=True, help_text="The day they asked to be called again.")
    comment = models.CharField(max_length=500, blank=True)
    made_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        if self.call_back_on is not None:
            told = f"call back on {self.call_back_on:%b} {self.call_back_on.day}"
            return f"{self.get_channel_display()} to {self.get_party_display().lower()}: {told}"
        return (
            f"{self.get_channel_display()} to {self.get_party_display().lower()}: {self.get_outcome_display().lower()}"
        )
