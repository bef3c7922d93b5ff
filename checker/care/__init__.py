"""The patient's weeks: safety questions, severity, the programme, the range before pain, and what has changed.

Everything here is pure: no clock, no database, no page. Rules are data (`rules/*.toml`), each number with its source
and status; what they read is a person's history (`records.py`); what they give explains itself in one sentence.

- `rules.py` reads the rules; their models are in `question_rules.py`, `phase_rules.py`, `programme_rules.py`.
- `questions.py`, `severity.py`, `pain.py`: what is asked, how severe it is, what pain allows.
- `programme.py`: `decide`, what holds on a day. `states.py` gives the state, `moves.py` on and back, `criteria.py` each
  criterion, `place.py` the phases, `flare.py` a worsening, `planning.py` the plan, `barred.py` what is left out,
  `overrides.py` what a physio has set, `advice.py` what is to be said; `decision.py` is what comes of it.
- A decision is kept as an event "decision", whose data it is; the next day begins with it.
"""
