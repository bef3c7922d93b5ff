"""The same rules frame by frame, from the past alone, and the coach that leads through a movement."""
