"""Calendars: time zones, the expansion told to calendar apps, feeds, and hours told to people."""
