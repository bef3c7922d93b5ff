"""The states of a live session: every state meets everything that can happen, alone and at the same moment."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pytest

from checker.service.live.protocol import CONCLUDED, NO_SUCH_SESSION, TAKEN_OVER
from checker.service.live.seat import GONE_AFTER_S, IDLE_AFTER_S, LEFT_AFTER_S, OLD_AFTER_S, Seat, State
from checker.service.live.session import LiveSession

SOON_S = LEFT_AFTER_S - 1.0
LATER_S = LEFT_AFTER_S + 1.0
LATE_S = GONE_AFTER_S + 1.0
ASLEEP_S = IDLE_AFTER_S + 1.0
DEADLINE_S = 10.0


@dataclass
class Session:
    """As much of a live session as a seat looks at: no camera, no pose model."""

    began_s: float = 0.0
    last_used_s: float = 0.0
    has_frames: bool = True
    over: bool = False
    diary: object = None
    closed: int = 0

    def close(self) -> None:
        self.closed += 1


class Page:
    """A socket that remembers the codes with which it was closed."""

    def __init__(self) -> None:
        self.codes: list[int] = []

    def end(self, code: int) -> None:
        self.codes.append(code)


def seat_of(session: Session | None = None) -> Seat:
    return Seat(cast(LiveSession, session or Session()))


def session_of(seat: Seat) -> Session:
    return cast(Session, seat.session)


class NoPlaceError(Exception):
    """The results have no place."""


def fails() -> str:
    raise NoPlaceError


def seat_in(state: State) -> tuple[Seat, Page]:
    """A seat that has come to a state at 0 s, and the page that is or was connected to it."""
    seat, page = seat_of(), Page()
    if state is not State.WAITING:
        seat.connect(page)
    if state in {State.LOST, State.LEFT}:
        seat.disconnect(page, state is State.LEFT, 0.0)
    if state is State.CONCLUDING:
        assert seat.expire(ASLEEP_S) is State.CONCLUDING
    if state is State.CONCLUDED:
        assert seat.conclude(lambda: "job") == "job"
    if state is State.ENDED:
        seat.end()
    assert seat.state is state
    return seat, page


# --- every transition ---------------------------------------------------------------------------

EVENTS: dict[str, Callable[[Seat, Page], object]] = {
    "connect": lambda seat, page: seat.connect(Page()),
    "lose": lambda seat, page: seat.disconnect(page, False, 0.0),
    "leave": lambda seat, page: seat.disconnect(page, True, 0.0),
    "lose another": lambda seat, page: seat.disconnect(Page(), False, 0.0),
    "hold": lambda seat, page: seat.hold(),
    "release": lambda seat, page: seat.release(),
    "conclude": lambda seat, page: seat.conclude(lambda: "a job"),
    "sweep soon": lambda seat, page: seat.expire(SOON_S),
    "sweep later": lambda seat, page: seat.expire(LATER_S),
    "sweep late": lambda seat, page: seat.expire(LATE_S),
    "sweep asleep": lambda seat, page: seat.expire(ASLEEP_S),
    "end": lambda seat, page: seat.end(),
}
CHANGES = {
    (State.WAITING, "connect"): State.CONNECTED,
    (State.LOST, "connect"): State.CONNECTED,
    (State.LEFT, "connect"): State.CONNECTED,
    (State.CONNECTED, "lose"): State.LOST,
    (State.CONNECTED, "leave"): State.LEFT,
    (State.WAITING, "sweep late"): State.CONCLUDING,
    (State.WAITING, "sweep asleep"): State.CONCLUDING,
    (State.CONNECTED, "sweep asleep"): State.CONCLUDING,
    (State.LOST, "sweep late"): State.CONCLUDING,
    (State.LOST, "sweep asleep"): State.CONCLUDING,
    (State.LEFT, "sweep later"): State.ENDED,
    (State.LEFT, "sweep late"): State.ENDED,
    (State.LEFT, "sweep asleep"): State.ENDED,
    **{(state, "conclude"): State.CONCLUDED for state in State if state is not State.ENDED},
    **{(state, "end"): State.ENDED for state in State},
}
"""What is not here leaves the state as it was."""


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", list(State))
def test_every_state_meets_everything_that_can_happen(state: State, event: str) -> None:
    seat, page = seat_in(state)
    EVENTS[event](seat, page)
    assert seat.state is CHANGES.get((state, event), state)
    assert session_of(seat).closed == (seat.state is State.ENDED)
    assert (seat.job_id is not None) == (State.CONCLUDED in {state, seat.state})


@pytest.mark.parametrize("followed", [False, True])
def test_a_place_is_taken_from_the_first_picture_to_the_results(followed: bool) -> None:
    taken = set()
    for state in State:
        seat, _ = seat_in(state)
        if followed:
            seat.follow()
        taken |= {state} if seat.is_taken else set()
    assert taken == {State.CONCLUDING, *({State.CONNECTED, State.LOST, State.LEFT} if followed else ())}


# --- sockets ------------------------------------------------------------------------------------


def test_one_that_comes_takes_over_and_what_the_earlier_one_does_changes_nothing() -> None:
    seat, first = seat_in(State.CONNECTED)
    second = Page()
    assert seat.connect(second)
    assert (first.codes, second.codes, seat.connection) == ([TAKEN_OVER], [], second)
    seat.disconnect(first, True, 0.0)
    assert (seat.state, seat.connection) == (State.CONNECTED, second)


def test_who_comes_back_has_all_the_time_again() -> None:
    seat, page = seat_in(State.LEFT)
    seat.connect(page)
    assert seat.expire(LATE_S) is None
    seat.disconnect(page, False, LATE_S)
    assert seat.expire(LATE_S + LATER_S) is None
    assert seat.expire(LATE_S + LATE_S) is State.CONCLUDING


@pytest.mark.parametrize("state", [State.CONCLUDING, State.CONCLUDED])
def test_sockets_come_and_go_while_results_are_worked_out_and_after(state: State) -> None:
    seat, first = seat_in(state)
    second = Page()
    assert seat.connect(second)
    assert (first.codes, seat.connection) == ([TAKEN_OVER], second)
    seat.disconnect(second, True, 0.0)
    assert (seat.state, seat.connection) == (state, None)


def test_nobody_connects_to_one_that_has_ended() -> None:
    seat, page = seat_in(State.CONNECTED)
    seat.end()
    seat.end()  # that it is over already does no harm
    late = Page()
    assert not seat.connect(late)
    assert (page.codes, late.codes, seat.connection) == ([NO_SUCH_SESSION], [], None)
    assert seat.conclude(lambda: "job") is None
    assert session_of(seat).closed == 1


# --- the owner, and time ------------------------------------------------------------------------


def test_one_to_which_nobody_came_lives_for_half_a_minute_whoever_is_there() -> None:
    seat = seat_of(Session(has_frames=False))
    seat.hold()
    assert seat.expire(GONE_AFTER_S) is None
    assert seat.expire(GONE_AFTER_S + SOON_S) is State.ENDED


def test_a_socket_without_pictures_keeps_no_session() -> None:
    seat = seat_of(Session(has_frames=False))
    seat.connect(Page())
    assert not seat.is_taken
    assert seat.expire(IDLE_AFTER_S) is None
    assert seat.expire(IDLE_AFTER_S + SOON_S) is State.ENDED


@pytest.mark.parametrize("came_back", [False, True])
def test_what_an_owner_lost_is_judged_only_for_one_who_is_there(came_back: bool) -> None:
    seat, _ = seat_in(State.LOST)
    seat.release()
    if came_back:
        seat.hold()
    assert seat.expire(LATE_S) is (State.CONCLUDING if came_back else State.ENDED)


@pytest.mark.parametrize(("state", "then"), [(State.LOST, State.CONCLUDING), (State.LEFT, State.ENDED)])
def test_what_a_crash_lost_is_judged_where_it_is_written_down(state: State, then: State) -> None:
    seat, _ = seat_in(state)
    session_of(seat).diary = "a diary"
    seat.release()  # the browser's own connection went with it
    assert seat.owner_left
    assert seat.expire(LATE_S) is then


def test_of_whom_a_recording_arrives_is_not_gone() -> None:
    seat, _ = seat_in(State.LOST)
    session_of(seat).last_used_s = LATE_S
    assert seat.expire(LATE_S + LATER_S) is None
    assert seat.expire(LATE_S + LATE_S) is State.CONCLUDING


@pytest.mark.parametrize("about", [{"has_frames": False}, {"over": True}])
def test_what_has_nothing_to_judge_or_was_stopped_ends(about: dict[str, bool]) -> None:
    seat = seat_of(Session(**about))
    seat.connect(Page())
    assert seat.expire(ASLEEP_S) is State.ENDED


def test_one_that_is_used_grows_old_in_the_end() -> None:
    seat = seat_of(Session(last_used_s=OLD_AFTER_S))
    seat.connect(Page())
    assert seat.expire(OLD_AFTER_S) is None
    assert seat.expire(OLD_AFTER_S + 1.0) is State.CONCLUDING


# --- concluding ---------------------------------------------------------------------------------


def test_it_is_concluded_once() -> None:
    seat, page = seat_in(State.CONCLUDED)
    assert seat.conclude(fails) == "job"
    seat.tell_concluded()
    assert page.codes == [CONCLUDED]


@pytest.mark.parametrize("state", [s for s in State if s is not State.CONCLUDED])
def test_only_a_page_whose_results_are_there_is_sent_to_them(state: State) -> None:
    seat, page = seat_in(state)
    before = list(page.codes)
    seat.tell_concluded()
    assert page.codes == before


@pytest.mark.parametrize(
    ("state", "then"),
    [
        (State.WAITING, State.LOST),
        (State.CONNECTED, State.CONNECTED),
        (State.LOST, State.LOST),
        (State.LEFT, State.LOST),
        (State.CONCLUDING, State.CONNECTED),
    ],
)
def test_what_could_not_be_concluded_goes_back_and_may_be_again(state: State, then: State) -> None:
    seat, _ = seat_in(state)
    with pytest.raises(NoPlaceError):
        seat.conclude(fails)
    assert (seat.state, seat.job_id) == (then, None)
    assert seat.conclude(lambda: "job") == "job"


def test_one_that_failed_and_that_nobody_is_at_ends() -> None:
    seat, _ = seat_in(State.LOST)
    session_of(seat).over = True  # as it is once it was finished
    with pytest.raises(NoPlaceError):
        seat.conclude(fails)
    assert seat.expire(LATE_S) is State.ENDED


# --- at the same moment -------------------------------------------------------------------------


def test_a_sweep_while_it_is_concluded_leaves_it_alone() -> None:
    seat, page = seat_in(State.CONNECTED)

    def work() -> str:
        assert seat.expire(10 * OLD_AFTER_S) is None
        seat.disconnect(page, True, 0.0)
        assert seat.expire(10 * OLD_AFTER_S) is None
        return "job"

    assert seat.conclude(work) == "job"
    assert seat.state is State.CONCLUDED


def test_one_that_is_ended_while_it_is_concluded_stays_so_and_gives_its_job() -> None:
    seat, page = seat_in(State.CONNECTED)

    def work() -> str:
        seat.end()
        return "job"

    assert seat.conclude(work) == "job"
    assert (seat.state, page.codes, session_of(seat).closed) == (State.ENDED, [NO_SUCH_SESSION], 1)


def test_one_that_is_ended_while_it_fails_stays_so() -> None:
    seat, _ = seat_in(State.CONNECTED)

    def work() -> str:
        seat.end()
        raise NoPlaceError

    with pytest.raises(NoPlaceError):
        seat.conclude(work)
    assert seat.state is State.ENDED


AGAIN = pytest.mark.parametrize("nth", range(30))
"""What comes first is up to the machine, and not the same each time."""


def together(*works: Callable[[], object]) -> None:
    """Do all of it at the same moment, each on a thread of its own."""
    barrier = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        barrier.wait(DEADLINE_S)
        work()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
        assert not thread.is_alive()


@AGAIN
def test_of_many_that_connect_at_once_one_stays_and_each_other_is_told_once(nth: int) -> None:
    seat, pages = seat_of(), [Page() for _ in range(6)]
    together(*(functools.partial(seat.connect, page) for page in pages))
    told = [page.codes for page in pages if page is not seat.connection]
    assert told == [[TAKEN_OVER]] * 5
    assert seat.state is State.CONNECTED
    assert cast(Page, seat.connection).codes == []


@AGAIN
def test_a_page_that_comes_back_while_it_expires_is_let_in_or_told(nth: int) -> None:
    seat, _ = seat_in(State.LEFT)
    page, let_in = Page(), []
    together(lambda: let_in.append(seat.connect(page)), lambda: seat.expire(LATE_S))
    if seat.state is State.CONNECTED:
        assert (let_in, page.codes) == ([True], [])
    else:
        assert seat.state is State.ENDED
        assert (let_in, page.codes) == ([False], [])


@AGAIN
def test_one_page_leaves_while_another_takes_over(nth: int) -> None:
    seat, first = seat_in(State.CONNECTED)
    second = Page()
    together(lambda: seat.disconnect(first, True, 0.0), lambda: seat.connect(second))
    assert (seat.state, seat.connection, second.codes) == (State.CONNECTED, second, [])


@AGAIN
def test_two_ends_close_a_session_once(nth: int) -> None:
    seat, page = seat_in(State.CONNECTED)
    together(seat.end, seat.end)
    assert (session_of(seat).closed, page.codes) == (1, [NO_SUCH_SESSION])
