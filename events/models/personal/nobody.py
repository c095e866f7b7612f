"""Nobody: what stands where an address stood, in columns that need one of their own in each row."""

from typing import Any

DOMAIN = "erased.invalid"
"Reserved, so that no letter ever leaves for it (RFC 6761 6.4)."


def address_of(of: Any) -> str:
    """An address that nobody has."""
    return f"{of}@{DOMAIN}"
