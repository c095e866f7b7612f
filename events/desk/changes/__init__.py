"""Changes of an event on the desk: moved, postponed, cancelled, and announced."""
