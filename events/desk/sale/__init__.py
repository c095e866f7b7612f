"""Tickets and invitations on the desk."""
