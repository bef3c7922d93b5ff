"""A safety question is open: what to do, where, what to take along; and the way on, once a clinician has answered."""

from __future__ import annotations

import html

import streamlit as st

from checker.care.questions import Open, emergency_number, open_questions, told
from checker.care.records import Episode
from checker.service.weeks import Weeks
from checker.ui.plain import plain

LONGEST = 100


def show(weeks: Weeks) -> None:
    """Show the text of the most pressing open question, and nothing that leads elsewhere."""
    open_now = [o for o in open_questions(weeks.history, weeks.rules) if o.group == "now"]
    found = told(open_now[0].question, weeks.rules, weeks.person.country)
    number = emergency_number(weeks.person.country, weeks.rules)
    st.html(
        f'<div class="bc-stop" role="alert"><h1>{html.escape(found.title)}</h1>'
        f"<p><b>{html.escape(found.do)}</b></p><p>{html.escape(found.where)}</p><p>{html.escape(found.take)}</p></div>"
    )
    _summary(weeks, open_now, number)
    released(weeks, open_now)


def show_paused(weeks: Weeks) -> None:
    """Show what is to be seen by somebody first, above what calms."""
    open_now = [o for o in open_questions(weeks.history, weeks.rules) if o.group == "first" and not o.unsure]
    if not open_now:
        return
    found = [told(o.question, weeks.rules, weeks.person.country) for o in open_now]
    of_all = dict.fromkeys(line for lines in zip(*(t.lines for t in found), strict=True) for line in lines)
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in of_all)
    st.html(f'<div class="bc-callout" role="status"><h2>{html.escape(found[0].title)}</h2>{lines}</div>')
    _noticed(weeks, open_now)
    released(weeks, open_now)


def released(weeks: Weeks, open_now: list[Open]) -> None:
    """Ask with whom it was talked about; all that is open is answered with it."""
    with st.expander("I have talked to a doctor or a physio about this"), st.form("release"):
        clinician = st.text_input(
            "With whom?", max_chars=LONGEST, placeholder="e.g. Dr. Lee, or the emergency department"
        )
        talked_on = st.date_input("When?", value=weeks.today, max_value=weeks.today)
        note = st.text_input("What was said? (if you like)", max_chars=LONGEST)
        if st.form_submit_button("Keep this"):
            if not clinician.strip():
                st.error("Say with whom you talked: a name, or where it was.", icon=":material/error:")
                return
            for question in dict.fromkeys(o.question for o in open_now):
                weeks.release(question, clinician.strip(), talked_on, note.strip())
            st.rerun()


def _summary(weeks: Weeks, open_now: list[Open], number: str) -> None:
    """Show what to hand over: what was answered, since when, how much it hurts."""
    if any(map(str.isdigit, number)):  # where none is known, the text above says whom to call
        st.html(f'<p class="bc-call">{html.escape(number)}</p>')
    _noticed(weeks, open_now)


def _began(episode: Episode) -> str:
    """When it began, no more exactly than it was told."""
    if not episode.onset_told:
        return f"on {episode.onset:%d %b %Y}"
    first, last = episode.onset_from, episode.onset_to
    if first is not None and last is not None:
        return f"between {first:%d %b %Y} and {last:%d %b %Y}"
    return f"before {last:%d %b %Y}" if last is not None else f"about {episode.onset:%d %b %Y}"


def _noticed(weeks: Weeks, open_now: list[Open]) -> None:
    texts = {q.id: q.text for q in weeks.rules.safety.questions}
    lines = [
        f"{'Not sure' if o.unsure else 'Yes'}: {texts.get(o.question, o.question)} ({weeks.day_of(o.since):%d %b %Y})"
        for o in open_now
    ]
    told_pain = [c for c in weeks.history.check_ins if c.pain is not None]
    if told_pain:
        lines.append(f"Pain {told_pain[-1].pain} of 10 ({told_pain[-1].day:%d %b %Y})")
    episode = weeks.history.episode
    if episode is not None:
        lines.append(f"The back trouble began {_began(episode)}")
    st.markdown("**To show**\n\n" + "\n".join(f"- {plain(line)}" for line in lines))
