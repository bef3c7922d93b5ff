"""Video files: reading them, frame by frame, at their own times."""
