"""Pictures to poses: who is there, where each joint is, what the camera did."""
