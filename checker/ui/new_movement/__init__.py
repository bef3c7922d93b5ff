"""A movement begun in the app: a form, a drawing, a check of itself, a try on a video, and then a file."""
