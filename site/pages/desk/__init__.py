"""What the admin of every room has in common: trilingual texts, deletion that explains itself."""
