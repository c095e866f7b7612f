"""What an event asks of those who register: on the form, and on the own page of who has a place."""
