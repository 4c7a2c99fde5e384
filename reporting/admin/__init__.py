"""The workspace of reporting. Importing this package registers its admins."""

from reporting.admin import assumptions

__all__ = ["assumptions"]
