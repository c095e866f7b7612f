"""Landmarks: pages that the site itself makes, known again whatever editors call them or move them to."""

import uuid

FOUNDATION = uuid.uuid5(uuid.NAMESPACE_URL, "https://4p1000.org/humus")


def key(name: str) -> uuid.UUID:
    """The translation key of a landmark, the same in every language: "home", "agenda", "privacy"."""
    return uuid.uuid5(FOUNDATION, name)
