"""People who log in: their letter of invitation, their second factor, their sessions."""
