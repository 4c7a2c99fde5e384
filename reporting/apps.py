from django.apps import AppConfig
from django.db.backends.signals import connection_created

# name, function, minutes between runs
SCHEDULES = (("refloop: close the month", "reporting.tasks.close_due_months", 30),)


class Reporting(AppConfig):
    name = "reporting"
    verbose_name = "Reporting"

    def ready(self):
        from reporting.measures.percentile import register

        connection_created.connect(register, dispatch_uid="reporting.percentile")
