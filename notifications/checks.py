"""System checks of message delivery (run by every management command that starts something)."""

from ipaddress import ip_network

from django.conf import settings
from django.core.checks import Error, Tags, register

from notifications.recipients import KEY


@register(Tags.security)
def check_settings(app_configs, **kwargs):
    """notifications.E001: webhooks to private addresses in production. E002: a network that is none. E003: a recipient
    key that cannot be one."""
    problems = []
    if settings.IS_PRODUCTION and settings.REFLOOP_WEBHOOK_ALLOW_PRIVATE:
        problems.append(
            Error(
                "REFLOOP_WEBHOOK_ALLOW_PRIVATE lets any office make RefLoop call machines of your own network.",
                hint="Switch it off and name the networks you mean in REFLOOP_WEBHOOK_ALLOWED_NETWORKS.",
                id="notifications.E001",
            )
        )
    for network in settings.REFLOOP_WEBHOOK_ALLOWED_NETWORKS:
        try:
            ip_network(network)
        except ValueError:
            problems.append(
                Error(
                    f"REFLOOP_WEBHOOK_ALLOWED_NETWORKS: '{network}' is not a network.",
                    hint="Write it as 10.20.0.0/16.",
                    id="notifications.E002",
                )
            )
    for key in settings.REFLOOP_TROUBLE_TELLS:
        if not KEY.fullmatch(key):
            problems.append(
                Error(
                    f"REFLOOP_TROUBLE_TELLS: '{key}' is not the key of a recipient.",
                    hint="Write it as role:manager.",
                    id="notifications.E003",
                )
            )
    return problems
