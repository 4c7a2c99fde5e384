from django.apps import AppConfig


class RefLoopSite(AppConfig):
    name = "refloop_site"
    verbose_name = "RefLoop"
