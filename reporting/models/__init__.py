"""The tables of reporting: what staff assume, and closed months."""

from reporting.models.assumption import ChaseMinutes, ReportSettings, ServiceValue, Target
from reporting.models.period_close import PeriodClose, PeriodRow

__all__ = ["ChaseMinutes", "PeriodClose", "PeriodRow", "ReportSettings", "ServiceValue", "Target"]
