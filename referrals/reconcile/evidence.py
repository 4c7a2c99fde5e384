"""Points and the words for them: what speaks for a match and what against it. Pure."""

from dataclasses import dataclass, field


@dataclass
class Evidence:
    """``points`` is the sum of all that was weighed; what was weighed without words counts and is not shown."""

    points: float = 0.0
    _said: list[tuple[float, str]] = field(default_factory=list)

    def weigh(self, points: float, words: str) -> None:
        self.points += points
        if words:
            self._said.append((points, words))

    @property
    def evidence(self) -> list[str]:
        """What speaks for it, strongest first."""
        return [words for points, words in sorted(self._said, key=lambda said: -said[0]) if points > 0]

    @property
    def against(self) -> list[str]:
        """What speaks against it, strongest first."""
        return [words for points, words in sorted(self._said) if points < 0]
