"""A chosen file is kept by its hash when its form is refused: nobody has to look for it again.

What travels along is signed and says whose it is, so nobody can name somebody else's file."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage

from referrals.admin.actions.step import StepForm
from referrals.errors import InvalidInput
from referrals.intake.receive import ACCEPTED_WORDS, StoredBytes, store

_SALT = "referrals.admin.kept-file"
KEPT_FOR_SECONDS = 24 * 3600


class FileForm(StepForm):
    """``cleaned_data["stored"]`` are the bytes: those just chosen, or else those kept from the last try."""

    file = forms.FileField(label="File", required=False, help_text=f"{ACCEPTED_WORDS}.")
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].needed = f"up to {settings.DOCUMENT_MAX_BYTES // 1024**2} MB"

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        stored = self._chosen(data.get("file")) if data.get("file") else self._kept(data.get("kept", ""))
        if stored is None and "file" not in self.errors:
            self.add_error("file", "Choose a file.")
        if stored is not None:
            self.data = self.data.copy()
            self.data["kept"] = signing.dumps(self._token(stored), salt=_SALT)
            self["file"].help_text = f"{stored.filename} is here already; choose another only to replace it."
        data["stored"] = stored
        return data

    def _chosen(self, upload) -> StoredBytes | None:
        try:
            return store(upload.file, filename=upload.name)
        except InvalidInput as error:
            self.add_error("file", " ".join(words for _, words in error.fields))
            return None

    def _token(self, stored: StoredBytes) -> dict[str, Any]:
        return vars(stored) | {"referral": self.referral.pk}

    def _kept(self, token: str) -> StoredBytes | None:
        try:
            told = signing.loads(token, salt=_SALT, max_age=KEPT_FOR_SECONDS)
        except signing.BadSignature:
            return None
        if told.pop("referral") != self.referral.pk or not default_storage.exists(told["name"]):
            return None
        return StoredBytes(**told)
