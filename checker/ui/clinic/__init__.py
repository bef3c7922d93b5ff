"""Clinic mode: what ties the door of a clinic to Streamlit, and who sits before a page."""
