"""Registration: the form, the participant's own page, and the letters that go with them."""
