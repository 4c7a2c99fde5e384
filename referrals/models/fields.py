"""Model validators made from the pure identifier checks, and the address every place shares."""

from django.core.exceptions import ValidationError
from django.db import models

from referrals import identifiers


def _validator(clean):
    def validate(value: str) -> None:
        try:
            clean(value)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    return validate


def validate_npi(value: str) -> None:
    _validator(identifiers.clean_npi)(value)


def validate_zip(value: str) -> None:
    _validator(identifiers.clean_zip)(value)


def validate_phone(value: str) -> None:
    _validator(identifiers.clean_phone)(value)


class Address(models.Model):
    """A US postal address."""

    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True, help_text="Two letters, such as WI.")
    zip_code = models.CharField("zip", max_length=10, blank=True, validators=[validate_zip])

    class Meta:
        abstract = True

    @property
    def address_line(self) -> str:
        place = " ".join(part for part in (self.state, self.zip_code) if part)
        return ", ".join(part for part in (self.street, self.city, place) if part)
