"""When something was filmed or done, as it is told: the local day, and the hour where it is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from checker.assessment import Assessment
from checker.care.records import Session


@dataclass(frozen=True, slots=True)
class When:
    """A moment, or the day alone.

    Attributes:
        at: the moment; any of its day where the hour is not known.
        hour_known: whether its time of day is known.
        zone: name of the time zone in which it is told; None: that of this computer.
    """

    at: datetime
    hour_known: bool = True
    zone: str | None = None

    @property
    def local(self) -> datetime:
        """The moment in its time zone."""
        return self.at.astimezone(None if self.zone is None else ZoneInfo(self.zone))

    @property
    def day(self) -> date:
        """The local day."""
        return self.local.date()

    def words(self, month: str = "%B") -> str:
        """Return it for people: "3 November 2026, 08:12"; the day alone where the hour is not known.

        Args:
            month: how the month is written, as `strftime` has it.
        """
        local = self.local
        day = f"{local.day} {local:{month} %Y}"
        return f"{day}, {local:%H:%M}" if self.hour_known else day


def when_of(session: Session) -> When:
    """Return when a session was."""
    return When(session.at, session.hour_known, session.zone)


def when_filmed(result: Assessment) -> When | None:
    """Return when a result was filmed, by its file; else when it was judged; None where neither is known."""
    at = result.recorded_at or result.analysed_at
    return None if at is None else When(at)
