"""Payments as the staff see them: the list, one payment, the figures of an event, what goes back."""
