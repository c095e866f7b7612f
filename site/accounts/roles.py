"""What somebody can be invited as: groups that an upper room names here, with what each may do said in a line."""

from typing import Any

roles: dict[str, Any] = {}
"The name of a group, and what it is called in the reader's language."
