"""A table of texts, as a narrow page scrolls it."""

from __future__ import annotations

import html
from collections.abc import Sequence


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]], label: str) -> str:
    """Return a table that a narrow page scrolls sideways, by the keyboard too; all texts are escaped."""
    columns = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="bc-scroll" tabindex="0" role="region" aria-label="{html.escape(label)}">'
        f'<table class="bc-values"><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table></div>'
    )
