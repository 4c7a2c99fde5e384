"""The tables of reporting: what staff assume."""

from reporting.models.assumption import ChaseMinutes, ReportSettings, ServiceValue, Target

__all__ = ["ChaseMinutes", "ReportSettings", "ServiceValue", "Target"]
