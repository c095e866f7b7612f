"""Questions on the desk: what an event asks, and what the staff read and count of the answers."""
