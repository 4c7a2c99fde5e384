"""Settings of the test run: the real ones, in the ``test`` environment, with a fast password hasher."""

import os

os.environ.setdefault("REFLOOP_ENV", "test")

from refloop_site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
