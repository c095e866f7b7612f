"""The pattern gallery: every component in its states, in three languages. On one's own machine only."""
