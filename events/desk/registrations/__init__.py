"""Registrations on the desk: the list, one person, decisions, the line, figures."""
