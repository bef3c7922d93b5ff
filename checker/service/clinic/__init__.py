"""Clinic mode: who is let in after a login, as what, and what they may reach. Nothing here knows Streamlit."""
