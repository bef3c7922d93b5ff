"""The cards of measured values on the page, large enough to read at a glance."""

from __future__ import annotations

import html
from collections.abc import Iterable
from itertools import groupby

from checker.words.cards import Card
from checker.words.values import sentence


def cards_html(cards: Iterable[Card]) -> str:
    """Return one card a measure, its sides beside each other, as HTML."""
    shown = [_card(list(group)) for _, group in groupby(cards, key=lambda card: card.measure)]
    return f'<div class="bc-cards">{"".join(shown)}</div>'


def _card(sides: list[Card]) -> str:
    numbers = "".join(f"<div>{_number(side)}</div>" for side in sides)
    about = next((side.about for side in sides if side.about), [])
    foot = "".join(f'<p class="bc-note">{html.escape(sentence(line))}</p>' for line in about)
    return (
        f'<div class="bc-card" data-measure="{html.escape(sides[0].measure)}"><h2>{html.escape(sides[0].name)}</h2>'
        f'<div class="bc-sides">{numbers}</div>{foot}</div>'
    )


def _number(card: Card) -> str:
    """Return a value with its uncertainty and what it was taken from; or why there is none."""
    label = f'<div class="bc-side">{html.escape(card.label)}</div>' if card.label else ""
    if card.value is None:
        reason = html.escape(sentence(card.reason))
        return f'{label}<div class="bc-none">Not measured</div><p class="bc-reason">{reason}</p>'
    band = f'<p class="bc-reason">{html.escape(card.band)}</p>' if card.band else ""
    notes = sentence(", ".join(card.notes)) if card.notes else ""
    return (
        f'{label}<div class="bc-number" data-side="{html.escape(card.side or "")}">'
        f"{html.escape(card.value)} <small>{html.escape(card.beside)}</small></div>"
        f'{band}<p class="bc-note">{html.escape(notes)}</p>'
    )
