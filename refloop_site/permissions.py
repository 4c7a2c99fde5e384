"""What a user may do, in one query instead of Django's two: every page asks."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q


class AtOnce:
    """Stands before ModelBackend, which signs people in and finds what was asked here where it keeps its own answer."""

    def authenticate(self, request: Any) -> None:
        """Nobody: it takes no credentials."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            theirs = Permission.objects.all()
            if not user_obj.is_superuser:
                theirs = theirs.filter(Q(user=user_obj) | Q(group__user=user_obj))
            names = theirs.order_by().values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in names}
        return user_obj._perm_cache

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.partition(".")[0] == app_label for name in self.get_all_permissions(user_obj))
