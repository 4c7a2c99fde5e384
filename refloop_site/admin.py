"""Sign-ins, groups, the queue and sign-in attempts in RefLoop's look: their own admins, with the theme mixed in."""

from axes import admin as axes_admin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User
from django_q import admin as queue_admin
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from referrals.admin.keeping import Cheap, Kept

for _model in (User, Group, Success, Failure, Schedule, OrmQ, AccessAttempt, AccessLog, AccessFailureLog):
    admin.site.unregister(_model)


@admin.register(User)
class UserAdmin(Kept, auth_admin.UserAdmin):
    """People who sign in. They are switched off, never deleted: the timeline names them."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(Kept, auth_admin.GroupAdmin):
    """Roles. Those that come with RefLoop may be changed, and others added."""

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions" and field is not None:
            field.queryset = field.queryset.select_related("content_type")  # its label names the model
        return field


@admin.register(Success)
class SuccessAdmin(Cheap, queue_admin.TaskAdmin):
    list_filter = ()


@admin.register(Failure)
class FailureAdmin(Cheap, queue_admin.FailAdmin):
    list_filter = ()


@admin.register(Schedule)
class ScheduleAdmin(Cheap, queue_admin.ScheduleAdmin):
    list_filter = ()


@admin.register(OrmQ)
class QueueAdmin(Cheap, queue_admin.QueueAdmin):
    list_filter = ()


@admin.register(AccessAttempt)
class AccessAttemptAdmin(Cheap, axes_admin.AccessAttemptAdmin):
    date_hierarchy = None
    list_filter = ()


@admin.register(AccessLog)
class AccessLogAdmin(Cheap, axes_admin.AccessLogAdmin):
    date_hierarchy = None
    list_filter = ()


@admin.register(AccessFailureLog)
class AccessFailureLogAdmin(Cheap, axes_admin.AccessFailureLogAdmin):
    date_hierarchy = None
    list_filter = ()
