"""A clinic over TLS with an OpenID provider of this computer: every way to another's data is tried, and refused."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from app_server import ROOT
from axe_playwright_python.sync_playwright import Axe
from clinic_app import ANNA, BEN, PHYSIO, STRANGER, Clinic, clinic_app, cookie_of, names_of, sign_in
from conftest import SAMPLES
from lists import choose_from
from page_quality import must_be_open_to_all
from playwright.sync_api import Browser, BrowserContext, Page, expect
from runs import HEAR_RUNS, settled
from test_browser import measure
from test_review import BEND, machine
from waiting import WAIT_MS
from websockets import Subprotocol
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from checker.care.rules import load_rules
from checker.service import everybody
from checker.service import weeks as service
from checker.service.key import COOKIE
from checker.service.live.protocol import RECORDING_PATH, SESSION_HEADER, SOCKET_PATH, SUBPROTOCOL
from checker.service.weeks import Weeks
from checker.ui.routes import PLOTLY_URL

pytest_plugins = ["browser"]
pytestmark = pytest.mark.browser

CLIP = SAMPLES / "knee_to_chest__good__ben.mp4"
IDLE_S = 30 * 60.0

RECORD_SOCKETS = """
  const Real = WebSocket;
  globalThis.offered = [];
  globalThis.WebSocket = class extends Real {
    constructor(address, protocols) {
      super(address, protocols);
      globalThis.offered.push([String(address), [protocols].flat()]);
    }
  };
"""
"""What a page offers with its sockets: the id of its session, or the token of a live one, stands there."""


@dataclass(frozen=True, slots=True)
class People:
    """Who has signed in, each in a browser profile of their own."""

    clinic: Clinic
    anna: Page
    ben: Page
    phil: Page


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with clinic_app(tmp_path_factory.mktemp("clinic")) as running:
        yield running


@pytest.fixture(scope="module")
def browse(launch: Callable[..., Browser]) -> Iterator[Callable[[], Page]]:
    """Opens a browser profile of its own."""
    browser = launch("--ignore-certificate-errors")

    def open_profile() -> Page:
        context = browser.new_context(viewport={"width": 1366, "height": 900}, accept_downloads=True)
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(RECORD_SOCKETS)
        context.add_init_script(HEAR_RUNS)
        return context.new_page()

    yield open_profile
    browser.close()


@pytest.fixture(scope="module")
def people(clinic: Clinic, browse: Callable[[], Page]) -> People:
    """Two patients who have answered the safety questions, and a physio."""
    anna, ben, phil = browse(), browse(), browse()
    sign_in(anna, clinic, ANNA)
    sign_in(ben, clinic, BEN)
    sign_in(phil, clinic, PHYSIO, "Whose weeks?")
    for page in (anna, ben):
        page.get_by_role("heading", level=1).first.wait_for()
    answer_questions(clinic)
    return People(clinic, anna, ben, phil)


def answer_questions(clinic: Clinic) -> None:
    """Everybody who is kept has answered the safety questions with no, and has no pain."""
    with kept_of(clinic):
        for person in everybody.people():
            weeks = Weeks(person.id)
            weeks.answer_questions({q.id: "no" for q in load_rules().safety.questions if q.asked}, "first")
            weeks.check_in("daily", pain=0)


@contextmanager
def kept_of(clinic: Clinic) -> Iterator[None]:
    """Within it, what is kept in the clinic is read and written here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKCHECK_PEOPLE", clinic.env["BACKCHECK_PEOPLE"])
        service.store.cache_clear()
        yield
        service.store().close()
        service.store.cache_clear()


def told(clinic: Clinic, *command: str) -> str:
    """What a command of the clinic's computer prints."""
    done = subprocess.run(
        [sys.executable, "-m", "checker", *command],
        cwd=ROOT,
        env=clinic.env,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def accounts(clinic: Clinic) -> dict[str, UUID]:
    """The persons of the accounts, by the names of those."""
    lines = told(clinic, "accounts", "list").splitlines()
    found = (re.search(r"weeks of (.+) \(([0-9a-f-]{36})\)", line) for line in lines)
    return {match[1]: UUID(match[2]) for match in found if match}


def opens(clinic: Clinic, path: str, cookie: str, *protocols: str) -> bool:
    """Whether a socket is opened for whoever has this cookie."""
    context = ssl.create_default_context(cafile=str(clinic.certificate))
    headers = {"Cookie": cookie} if cookie else {}
    try:
        with connect(
            f"wss://{urlsplit(clinic.url).netloc}{path}", ssl=context, origin=clinic.url, additional_headers=headers,
            subprotocols=[Subprotocol(p) for p in protocols], open_timeout=60,
        ):  # fmt: skip
            return True
    except InvalidStatus as refused:
        if refused.response.status_code != 403:  # it is to be refused, and in no other way
            raise
        return False


def own(page: Page) -> dict[str, str]:
    """What a browser says with a request of its own page that may change something."""
    xsrf = next(c.get("value", "") for c in page.context.cookies() if c.get("name") == "_streamlit_xsrf")
    return {"Origin": f"https://{urlsplit(page.url).netloc}", "X_Xsrftoken": xsrf}


# --- nobody ---------------------------------------------------------------------------------------


def test_without_a_login_nothing_at_all_is_answered(clinic: Clinic) -> None:
    pages = ("/", "/movements", "/data", "/audit", "/review", "/camera", "/progress", "/nowhere")
    streamlits = ("/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/media/x.png", "/static/index.html")
    ours = ("/results/x/annotated.mp4", "/live/js/main.js", PLOTLY_URL, "/session", "/leave", "/auth/logout")
    for cookie in ("", f"{COOKIE}=made-up", "_streamlit_user=made-up; _streamlit_xsrf=x"):
        for path in (*pages, *streamlits, *ours):
            status, _, body = clinic.ask(path, cookie)
            assert status == 403, path
            assert b"streamlit" not in body.lower(), path
            assert clinic.ask(path, cookie, Accept="text/html")[0] == 403, path
        for method, path in (
            ("PUT", "/_stcore/upload_file/x/y"),
            ("DELETE", "/_stcore/upload_file/x/y"),
            ("POST", RECORDING_PATH),
            ("POST", "/leave"),
        ):
            assert clinic.ask(path, cookie, method, Origin=clinic.url)[0] == 403
        assert not opens(clinic, "/_stcore/stream", cookie, "streamlit", "xsrf")
        assert not opens(clinic, SOCKET_PATH, cookie, SUBPROTOCOL, "token")


def test_a_made_up_end_of_a_login_lets_nobody_in(clinic: Clinic) -> None:
    for query in ("", "?state=x&code=y", "?error=access_denied", "?state=x&error=x"):
        status, headers, _ = clinic.ask(f"/oauth2callback{query}")
        assert (status, COOKIE in str(headers)) == (403, False)
    status, headers, _ = clinic.ask("/auth/login?provider=made-up")
    assert (status, headers["location"]) == (302, "/")


def test_whom_the_clinic_does_not_know_is_not_let_in(clinic: Clinic, browse: Callable[[], Page]) -> None:
    page = browse()
    sign_in(page, clinic, STRANGER)
    expect(page.get_by_text("does not know you yet")).to_be_visible()
    assert COOKIE not in names_of(page.context.cookies())
    page.goto(f"{clinic.url}/movements")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.context.close()


# --- two patients ---------------------------------------------------------------------------------


def test_a_login_is_ours_and_nothing_of_the_providers_reaches_the_browser(people: People) -> None:
    cookies = people.anna.context.cookies(people.clinic.url)
    assert {n for n in names_of(cookies) if n.startswith("_streamlit_user")} == set()
    [mine] = [c for c in cookies if c.get("name") == COOKIE]
    assert (mine.get("secure"), mine.get("httpOnly"), mine.get("sameSite")) == (True, True, "Lax")


@pytest.mark.parametrize(
    "path", ["", "movements", "camera", "progress", "review", "weekly", "data", "audit", "compare"]
)
def test_a_patient_sees_nobody_elses_name_on_any_page(people: People, path: str) -> None:
    of_anna = accounts(people.clinic)["Anna Patient"]
    ben = people.ben
    ben.goto(f"{people.clinic.url}/{path}?person={of_anna}&id={of_anna}&weeks={of_anna}&account={of_anna}")
    ben.get_by_role("heading", level=1).first.wait_for()
    settled(ben)
    text = ben.locator("body").inner_text()
    assert "Anna" not in text
    assert "Phil" not in text
    assert ben.get_by_role("button", name="Somebody else").count() == 0
    assert ben.get_by_text("Whose weeks?").count() == 0
    if path in {"", "data"}:
        assert "Ben Patient" in text


def test_an_export_is_its_patients_alone(people: People) -> None:
    clinic, anna = people.clinic, people.anna
    anna.goto(f"{clinic.url}/data")
    assert anna.get_by_text("Bring a file in").count() == 0
    anna.get_by_role("button", name="Make the file").click()
    with anna.expect_download() as saved:
        anna.get_by_role("button", name="Save the file").click()
    path = urlsplit(saved.value.url).path
    assert path.startswith("/media/")
    assert clinic.ask(path, cookie_of(anna))[2][:2] == b"PK"
    for other in (people.ben, people.phil):
        status, _, body = clinic.ask(path, cookie_of(other))
        assert (status, b"PK" in body) == (404, False)
        assert clinic.ask(path, cookie_of(other), "HEAD")[0] == 404
        assert clinic.ask(path, cookie_of(other), Range="bytes=0-9")[0] == 404
    assert clinic.ask(path)[0] == 403
    audit = told(clinic, "audit", "--of", "Anna Patient")
    assert re.search(r"Anna Patient \(patient\)  exported  everything, in one file  of Anna Patient", audit)
    assert f"fetched  a file: {path}" in audit
    assert "Ben Patient <ben@home.example> (patient)  refused" in told(clinic, "audit")


def test_an_upload_a_video_and_a_session_are_their_patients_alone(people: People) -> None:
    clinic, anna, ben = people.clinic, people.anna, people.ben
    anna.goto(f"{clinic.url}/review")
    ben.goto(f"{clinic.url}/review")
    ben.get_by_role("heading", level=1).first.wait_for()
    asked: list[str] = []
    anna.on("request", lambda request: asked.append(urlsplit(request.url).path))
    measure(anna, "Knee to chest", CLIP)
    [upload, *_] = [path for path in asked if path.startswith("/_stcore/upload_file/")]
    [video, *_] = [path for path in asked if path.startswith("/results/")]

    assert clinic.ask(video, cookie_of(anna), Range="bytes=0-99")[0] == 206
    for other in (ben, people.phil):
        assert clinic.ask(video, cookie_of(other))[0] == 404
        for method in ("PUT", "DELETE"):
            assert clinic.ask(upload, cookie_of(other), method, **own(other))[0] == 404
    anew = f"{upload.rpartition('/')[0]}/another"
    form = {"Content_Type": "multipart/form-data; boundary=x"}
    assert clinic.ask(anew, cookie_of(ben), "PUT", **own(ben), **form)[0] == 404
    assert clinic.ask(anew, cookie_of(anna), "PUT", **own(anna), **form)[0] == 400, "hers is looked at"

    session_id = upload.split("/")[3]
    protocols = ("streamlit", own(ben)["X_Xsrftoken"], session_id)
    assert not opens(clinic, "/_stcore/stream", cookie_of(ben), *protocols)
    assert opens(clinic, "/_stcore/stream", cookie_of(ben), *protocols[:2]), "his own"


def test_a_kept_session_is_compared_by_its_patient_and_by_a_physio_alone(people: People) -> None:
    clinic, of_anna = people.clinic, accounts(people.clinic)["Anna Patient"]
    with kept_of(clinic):
        diary = Weeks(of_anna).begin(BEND, "upload")
        diary.end(machine())
    path = f"{clinic.url}/compare?session={diary.session.id}&with=sides"
    people.anna.goto(path)
    expect(people.anna.locator(".bc-compared")).to_contain_text("to the left")
    people.ben.goto(path)
    expect(people.ben.get_by_role("alert").first).to_contain_text("This session is no longer here")
    assert people.ben.locator(".bc-compared, .bcm").count() == 0
    assert "looked at  Compare  of Anna Patient" in told(clinic, "audit")


def test_a_live_session_is_its_patients_alone(people: People) -> None:
    clinic, anna, ben = people.clinic, people.anna, people.ben
    anna.goto(f"{clinic.url}/camera?movement=seated_forward_lean")
    anna.get_by_role("button", name="Open the camera").click()
    is_live = "() => globalThis.offered.find(([address]) => address.endsWith('/live/ws'))?.[1]"
    _, token = anna.wait_for_function(is_live, timeout=WAIT_MS).json_value()
    assert not opens(clinic, SOCKET_PATH, cookie_of(ben), SUBPROTOCOL, token)
    assert not opens(clinic, SOCKET_PATH, cookie_of(people.phil), SUBPROTOCOL, token)
    header = {SESSION_HEADER.replace("-", "_"): token}
    assert clinic.ask(RECORDING_PATH, cookie_of(ben), "POST", Origin=clinic.url, **header)[0] == 404
    assert opens(clinic, SOCKET_PATH, cookie_of(anna), SUBPROTOCOL, token)


def test_a_cookie_opens_nothing_but_its_own_login(people: People, browse: Callable[[], Page]) -> None:
    """A page whose browser gets another's login shows nothing of the one before."""
    clinic = people.clinic
    first, second = browse(), browse()
    sign_in(first, clinic, ANNA)
    expect(first.get_by_text("Anna Patient").first).to_be_visible()
    sign_in(second, clinic, BEN)
    carried = {c.get("name"): c.get("value", "") for c in second.context.cookies()}[COOKIE]
    for wrong in (carried[:-1], carried[::-1], f"{carried}x", carried.swapcase(), "", "x" * 5000):
        assert clinic.ask("/", f"{COOKIE}={wrong}")[0] == 403
    swap(first.context, carried, clinic)
    expect(first.get_by_text("Ben Patient").first).to_be_visible()
    assert "Anna" not in first.locator("body").inner_text()
    first.context.close()
    second.context.close()


def swap(context: BrowserContext, carried: str, clinic: Clinic) -> None:
    """Give a browser another's login."""
    context.add_cookies(
        [{"name": COOKIE, "value": carried, "url": clinic.url, "secure": True, "httpOnly": True, "sameSite": "Lax"}]
    )


# --- the physio -----------------------------------------------------------------------------------


def test_a_physio_sees_everybody_and_what_was_looked_at_is_noted(people: People) -> None:
    clinic, phil = people.clinic, people.phil
    phil.goto(clinic.url)
    expect(phil.get_by_role("button", name="Anna Patient")).to_be_visible()
    must_be_open_to_all(phil)
    phil.get_by_role("button", name="Ben Patient").click()
    expect(phil.get_by_role("button", name="Somebody else")).to_be_visible()
    phil.get_by_role("link", name="Who looked").click()
    expect(phil.get_by_role("heading", level=1, name="Who looked")).to_be_visible()
    row = phil.locator(".bc-audit tr").filter(has_text="Phil Physio").filter(has_text="Ben Patient")
    expect(row.filter(has_text="Today").first).to_be_visible()
    must_be_open_to_all(phil)
    phil.set_viewport_size({"width": 390, "height": 844})
    must_be_open_to_all(phil)
    phil.set_viewport_size({"width": 1366, "height": 900})
    assert "Phil Physio <phil@clinic.example> (physio)  looked at  Today  of Ben Patient" in told(clinic, "audit")


def test_what_a_physio_sets_and_writes_is_this_patients_alone(people: People) -> None:
    clinic, phil, ben = people.clinic, people.phil, people.ben
    phil.goto(clinic.url)
    phil.get_by_role("button", name="Ben Patient").click()
    phil.get_by_role("link", name="For this patient").click()
    expect(phil.get_by_role("heading", level=1, name="For this patient")).to_be_visible()
    phil.get_by_role("textbox", name="It stands on their page Today.").fill("Well done, Ben.")
    phil.get_by_role("button", name="Send").click()
    expect(phil.locator("b", has_text="A message, until it is read")).to_be_visible()
    choose(phil, "What?", "Leave a movement out")
    choose(phil, "Which movement?", "Bridge")
    why = phil.get_by_role("textbox", name="Why? The patient may read it.")
    why.fill("The neck.")
    phil.get_by_role("button", name="Set it for this patient").click()
    card = phil.locator("[class*=st-key-set-]").filter(has_text="Bridge: left out")
    expect(card).to_contain_text("The neck.")
    expect(card).to_contain_text("Phil Physio")
    must_be_open_to_all(phil)

    ben.goto(clinic.url)
    expect(ben.get_by_text("Well done, Ben.")).to_be_visible()
    ben.get_by_role("button", name="I have read it").click()
    expect(ben.get_by_text("Well done, Ben.")).to_have_count(0)
    for path, of_physio in (("patient", "Set something"), ("new", "New movement"), ("movements", "New movement")):
        ben.goto(f"{clinic.url}/{path}")
        ben.get_by_role("heading", level=1).first.wait_for()
        settled(ben)
        assert ben.get_by_text(of_physio).count() == 0, path
    phil.goto(f"{clinic.url}/movements")
    expect(phil.get_by_role("link", name="New movement")).to_be_visible()
    people.anna.goto(clinic.url)
    people.anna.get_by_role("heading", level=1).first.wait_for()
    settled(people.anna)
    assert "Well done" not in people.anna.locator("body").inner_text()


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list."""
    choose_from(page, label, option, exact=True)


def test_no_numbers_of_a_movement_are_changed_for_everybody(people: People) -> None:
    for page in (people.ben, people.phil):
        page.goto(f"{people.clinic.url}/movement?movement=bridge")
        expect(page.get_by_role("heading", level=1, name="Bridge")).to_be_visible()
        settled(page)
        assert page.get_by_text("Change a number for everybody").count() == 0
    assert list(Path(people.clinic.folder / "own").glob("*")) == []


# --- the end of a login -----------------------------------------------------------------------------


def test_who_signs_out_is_out_and_the_screen_is_cleared(clinic: Clinic, browse: Callable[[], Page]) -> None:
    page = browse()
    sign_in(page, clinic, BEN)
    expect(page.get_by_text("Ben Patient").first).to_be_visible()
    before = cookie_of(page)
    other = page.context.new_page()
    other.goto(clinic.url)
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    assert clinic.ask("/", before)[0] == 403, "the cookie is worth nothing any more"
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()
    assert "Ben" not in other.locator("body").inner_text()
    page.context.close()


def test_after_half_an_hour_without_anything_done_the_screen_is_cleared(
    clinic: Clinic, browse: Callable[[], Page]
) -> None:
    page = browse()
    sign_in(page, clinic, BEN)
    expect(page.get_by_text("Ben Patient").first).to_be_visible()
    settled(page)
    before = cookie_of(page)
    try:
        clinic.move_clock(IDLE_S - 60.0)
        assert clinic.ask("/session", before)[0] == 200
        clinic.move_clock(IDLE_S + 60.0)
        assert clinic.ask("/session", before)[0] == 403
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        assert "Ben" not in page.locator("body").inner_text()
        assert clinic.ask("/", before)[0] == 403
    finally:
        clinic.move_clock(0.0)
        page.context.close()
