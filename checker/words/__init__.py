"""What is said: rules, values and reasons in plain words."""
