"""What the letters to participants say; each module makes known the kinds that it writes."""

from importlib import import_module

KINDS = ("certificates", "changes", "dates", "invitations", "payments", "personal", "places", "requests", "transfers")


def register() -> None:
    """Make every kind of letter known."""
    for name in KINDS:
        import_module(f"{__name__}.{name}")
