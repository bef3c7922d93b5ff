"""The fields of a new movement: what is typed stays, and what is wrong with it stands beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import streamlit as st

from checker.library.toml_lines import Key
from checker.ui.plain import plain

PREFIX: Final = "new-"
ASKED: Final = "new-asked"
"""In the session: whether somebody has asked to go on; from then on what is missing is told, too."""

ROWS: Final = ("faults", "precautions")
LONGEST: Final = 2_000


def told() -> dict[str, Any]:
    """Return what was typed, by the names of the fields; rows as lists of the same."""
    values = {str(k).removeprefix(PREFIX): v for k, v in st.session_state.items() if str(k).startswith(PREFIX)}
    for kind in ROWS:
        rows: list[int] = values.get(kind) or []
        values[kind] = [
            {k.removeprefix(f"{kind}-{n}-"): v for k, v in values.items() if k.startswith(f"{kind}-{n}-")} for n in rows
        ]
    return values


def forget() -> None:
    """Begin anew."""
    for key in [k for k in st.session_state if str(k).startswith(PREFIX)]:
        del st.session_state[key]


class Fields:
    """Shows fields, each with one line of what is wrong with it.

    Attributes:
        problems: one line for each key of the file that is wrong.
        shown: the keys whose line has a field.
    """

    def __init__(self, problems: Mapping[Key, str]) -> None:
        """For a draft."""
        self.problems = problems
        self.shown: set[Key] = set()
        self._asked = bool(st.session_state.get(ASKED))

    @property
    def unplaced(self) -> list[str]:
        """What is wrong and belongs to no field that is there."""
        return [text for key, text in self.problems.items() if key not in self.shown]

    def text(self, name: str, label: str, *keys: Key, help: str | None = None, placeholder: str = "") -> str:
        """Ask for a line."""
        value = st.text_input(
            label, key=self._key(name, ""), max_chars=LONGEST, help=help, placeholder=placeholder,
            persist_state="session",
        )  # fmt: skip
        self._tell(value, *keys)
        return value or ""

    def lines(self, name: str, label: str, *keys: Key, height: int = 110) -> None:
        """Ask for sentences, one a line."""
        value = st.text_area(label, key=self._key(name, ""), max_chars=LONGEST, height=height, persist_state="session")
        self._tell(value, *keys)

    def number(
        self, name: str, label: str, *keys: Key, default: float | None = None, step: float = 1.0, whole: bool = False
    ) -> None:
        """Ask for a number; empty: none."""
        key = self._key(name, default)
        value = st.number_input(
            label, value=None, key=key, step=int(step) if whole else float(step), format="%d" if whole else "%g",
            persist_state="session",
        )  # fmt: skip
        self._tell(value, *keys)

    def one(self, name: str, label: str, options: Mapping[Any, str], *keys: Key, default: Any = None) -> Any:
        """Ask for one of several; None where none was chosen and there is no default."""
        key = self._key(name, default)
        if st.session_state[key] not in options:  # the choices go with what else was chosen
            st.session_state[key] = default if default in options else None
        value = st.selectbox(
            label, list(options), key=key, format_func=options.__getitem__, index=None if default is None else 0,
            placeholder="Choose", persist_state="session",
        )  # fmt: skip
        self._tell(value, *keys)
        return value

    def some(self, name: str, label: str, options: Mapping[Any, str], *keys: Key, default: Sequence[Any] = ()) -> None:
        """Ask for some of several."""
        key = self._key(name, list(default))
        st.session_state[key] = [o for o in st.session_state[key] or [] if o in options]
        value = st.multiselect(
            label, list(options), key=key, format_func=options.__getitem__, placeholder="Choose",
            persist_state="session",
        )  # fmt: skip
        self._tell(value, *keys)

    def tick(self, name: str, label: str, *, default: bool = False, help: str | None = None) -> bool:
        """Ask yes or no."""
        return st.checkbox(label, key=self._key(name, default), help=help, persist_state="session")

    def tell(self, *keys: Key) -> None:
        """Show what is wrong with a part that has no single field."""
        self._tell(None, *keys)

    def _key(self, name: str, default: Any) -> str:
        st.session_state.setdefault(f"{PREFIX}{name}", default)
        return f"{PREFIX}{name}"

    def _tell(self, value: Any, *keys: Key) -> None:
        self.shown.update(keys)
        wrong = next((self.problems[key] for key in keys if key in self.problems), None)
        if wrong is not None and (self._asked or value not in (None, "", [])):
            st.markdown(f":red[:material/error:] {plain(wrong)}")


def rows(kind: str, label: str, show: Callable[[int, int], None]) -> None:
    """Show rows of fields that can be added and taken away.

    Args:
        kind: of `ROWS`.
        label: of the button that adds one.
        show: called with the place of a row, from 0, and its number, which never changes.
    """
    key = f"{PREFIX}{kind}"
    numbers: list[int] = st.session_state.setdefault(key, [])
    for place, number in enumerate(numbers):
        with st.container(border=True, key=f"{key}-row-{number}", gap="small"):
            show(place, number)
            st.button("Take it away", key=f"take-{kind}-{number}", on_click=_take, args=(key, number), type="tertiary")
    st.button(label, key=f"add-{kind}", on_click=_add, args=(key,), icon=":material/add:")


def _add(key: str) -> None:
    numbers = st.session_state[key]
    st.session_state[key] = [*numbers, max(numbers, default=0) + 1]


def _take(key: str, number: int) -> None:
    st.session_state[key] = [n for n in st.session_state[key] if n != number]
    for name in [k for k in st.session_state if str(k).startswith(f"{key}-{number}-")]:
        del st.session_state[name]
