"""What the staff say about personal data, and what the site tells them of who looked at it."""
