"""Text from files as text: what Streamlit shows is Markdown, and a text of a file must not become any.

An exercise file comes from anybody. A picture or a link in it would make the browser ask another computer, and a
name in it could look like a part of the page.
"""

from __future__ import annotations

import re
from typing import Final

_MARKS: Final = re.compile(r"[\\`*_\[\]<>$:!#|~&@{}^=]")
"""What begins something in Markdown, or in Streamlit's own directives, formulas and icons."""

_ADDRESSES: Final = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
JOINER: Final = "\u2060"
"""Has no width, and stands where an address would become a link: that is looked for after marks were taken back."""


def plain(text: str) -> str:
    """Return text for a place that shows Markdown, where it is to be read as it stands, in one line."""
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", _ADDRESSES.sub(JOINER, " ".join(text.split())))
