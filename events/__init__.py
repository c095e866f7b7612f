"""Everything with a date: events, their pages, calendars, registrations, and the staff's desk."""
