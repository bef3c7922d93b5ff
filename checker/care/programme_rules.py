"""Rules of how the programme moves, as data (`programme.toml`, `flare.toml`, `advice.toml`)."""

from __future__ import annotations

from typing import Literal

from checker.care.phase_rules import Days, Pain, Share, Times
from checker.care.records import Settled
from checker.rules import Id, Section, Sourced, Text

# --- the programme --------------------------------------------------------------------------------


class OkSession(Sourced):
    """What makes a day a good one."""

    pain_after: Pain
    rise: Pain
    settled: list[Settled]
    needs_measured: bool


class Back(Sourced):
    """What makes a day a hard one, and how many hard ones of the last few lead one phase back."""

    pain_after: Pain
    rise: Pain
    back_after: Times
    within: Times
    longer_in_a_row: Times


class Pause(Sourced):
    """Days without a session until it pauses; from how many on it goes back by one phase."""

    after_days: Times
    back_after_days: Times


class Caps(Sourced):
    """How many movements may be new, and how many of a plan are shown first."""

    new_a_day: Times
    new_a_week: Times
    week_days: Times
    shown_first: Times


class DirectionRule(Sourced):
    """When a direction is left out: its share of the range before pain is so much smaller than the other's."""

    forward: list[Id]
    back: list[Id]
    share: Share
    sessions: Times


class FurthestRule(Sourced):
    """When "as far as you want" is asked for, beside "to first pain"."""

    from_phase: int
    pain_below: Pain


class DoneRule(Sourced):
    """From which share of the lower end of its dose on something planned is done; any less is partly."""

    share: Share


class ProgrammeRules(Section):
    """Everything of `programme.toml`."""

    ok_session: OkSession
    back: Back
    pause: Pause
    caps: Caps
    direction: DirectionRule
    furthest: FurthestRule
    done: DoneRule


class FlareBegan(Sourced):
    """Pain so much over the median of some days, at two check-ins so far apart."""

    rise: Pain
    median_days: Days
    hours_apart: Times


class FlareOver(Sourced):
    """Pain within so much of the old median at two check-ins so far apart; then so many sessions one phase lower."""

    within: Pain
    hours_apart: Times
    sessions: Times


class FlarePlan(Sourced):
    """Which phase's movements are done, and for how long no test."""

    no_tests_hours: Times
    content_severe: int
    content: int


class NotEasing(Sourced):
    """Hours after which somebody should look at it."""

    hours: Times


class FlaresOften(Sourced):
    """So many in so many days."""

    flares: Times
    in_days: Times


class FlareTexts(Section):
    """What is said."""

    comfort: Text
    began_by_person: Text
    began_by_rule: Text
    over: Text


class FlareRules(Section):
    """Everything of `flare.toml`."""

    began: FlareBegan
    over: FlareOver
    plan: FlarePlan
    not_easing: NotEasing
    often: FlaresOften
    texts: FlareTexts


# --- advice ---------------------------------------------------------------------------------------


class Weekly(Sourced):
    """How often everything is looked at again, and how often a questionnaire is answered."""

    days: Times
    questionnaire_days: Times


class AdviceRule(Sourced):
    """One thing to say, to whom to go, and the numbers by which it is said; those not needed are left out."""

    id: Id
    level: Literal["clinician", "physio", "pharmacist", "note", "good"]
    text: Text
    hours: Times | None = None
    days: Times | None = None
    drop: Pain | None = None
    share: Share | None = None
    pain_above: Pain | None = None
    rung_at_most: int | None = None


class AdviceRules(Section):
    """Everything of `advice.toml`."""

    weekly: Weekly
    advice: list[AdviceRule]

    def of(self, advice_id: str) -> AdviceRule:
        """One of them.

        Raises:
            KeyError: there is none.
        """
        return next((a for a in self.advice if a.id == advice_id), None) or _missing(advice_id)


def _missing(advice_id: str) -> AdviceRule:
    raise KeyError(f'no advice "{advice_id}" in advice.toml')
