"""What staff may change about the figures, read once for a report and kept with it when it is frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from reporting.measures.definitions import Band
from reporting.models import ChaseMinutes, ReportSettings, ServiceValue, Target

DEFAULT_WINDOW_DAYS = 30
DEFAULT_SERVICE_VALUE = Decimal(220)
DEFAULT_UNAVOIDABLE = Decimal("0.10")


@dataclass(frozen=True)
class Assumptions:
    """``service_values`` is dollars by specialty id, ``minutes`` minutes by ChaseMinutes.Action, ``targets`` bands by
    measure key; what is not there has its default. ``unavoidable`` is a share, 0 to 1."""

    window_days: int = DEFAULT_WINDOW_DAYS
    unavoidable: Decimal = DEFAULT_UNAVOIDABLE
    service_value: Decimal = DEFAULT_SERVICE_VALUE
    service_values: Mapping[int, Decimal] = field(default_factory=dict)
    minutes: Mapping[str, Decimal] = field(default_factory=dict)
    targets: Mapping[str, Band] = field(default_factory=dict)

    @property
    def window(self) -> timedelta:
        return timedelta(days=self.window_days)

    def minutes_of(self, action: str) -> Decimal:
        return self.minutes.get(action, ChaseMinutes.DEFAULTS[action])

    def to_json(self) -> dict[str, Any]:
        return {
            "window_days": self.window_days,
            "unavoidable": str(self.unavoidable),
            "service_value": str(self.service_value),
            "service_values": {str(pk): str(value) for pk, value in sorted(self.service_values.items())},
            "minutes": {action: str(value) for action, value in sorted(self.minutes.items())},
            "targets": {key: [band.low, band.high] for key, band in sorted(self.targets.items())},
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Assumptions":
        return cls(
            window_days=stored["window_days"],
            unavoidable=Decimal(stored["unavoidable"]),
            service_value=Decimal(stored["service_value"]),
            service_values={int(pk): Decimal(value) for pk, value in stored["service_values"].items()},
            minutes={action: Decimal(value) for action, value in stored["minutes"].items()},
            targets={key: Band(*band) for key, band in stored["targets"].items()},
        )


def current_assumptions() -> Assumptions:
    """As staff have them now. Four queries of a few rows."""
    settings = ReportSettings.objects.first() or ReportSettings()
    return Assumptions(
        window_days=settings.leakage_window_days,
        unavoidable=settings.unavoidable_leakage_percent / 100,
        service_value=settings.service_value,
        service_values=dict(ServiceValue.objects.values_list("specialty_id", "dollars")),
        minutes=dict(ChaseMinutes.objects.values_list("action", "minutes")),
        targets={target.measure: target.band for target in Target.objects.all()},
    )
