"""Progress on stderr: one moving line on a terminal, a line a month elsewhere."""

from datetime import datetime
from time import monotonic
from typing import TextIO

from referrals.practice.calendar import practice_calendar

WIDTH = 32  # characters of the bar


class ProgressBar:
    """Call it with the simulated instant and how many referrals were captured so far."""

    def __init__(self, stream: TextIO, *, start: datetime, end: datetime):
        self.stream, self.start, self.end = stream, start, end
        self.began = monotonic()
        self.month, self.captured = "", 0

    def __call__(self, now: datetime, captured: int) -> None:
        here = now.astimezone(practice_calendar().zone)
        if self.stream.isatty():
            share = min(1.0, (now - self.start) / (self.end - self.start))
            filled = round(share * WIDTH)
            bar = "#" * filled + "." * (WIDTH - filled)
            self.stream.write(f"\r  [{bar}] {here:%Y-%m-%d}  {captured:>5} referrals  {self._seconds():>3} s ")
            self.stream.flush()
            return
        if self.month and f"{here:%B %Y}" != self.month:
            self._line()
        self.month, self.captured = f"{here:%B %Y}", captured

    def done(self) -> None:
        if self.stream.isatty():
            self.stream.write("\n")
        else:
            self._line()

    def _line(self) -> None:
        self.stream.write(f"  {self.month}: {self.captured} referrals, {self._seconds()} s\n")
        self.stream.flush()

    def _seconds(self) -> int:
        return round(monotonic() - self.began)
