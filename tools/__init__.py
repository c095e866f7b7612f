"""What the people who work on Humus run by hand; nothing of it is needed by a running site."""
