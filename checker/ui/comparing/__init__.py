"""The page "Compare": two sessions of one movement, or the two sides of one, beside one another."""
