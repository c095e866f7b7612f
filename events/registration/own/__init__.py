"""The participant's own page, and all that is done from it."""
