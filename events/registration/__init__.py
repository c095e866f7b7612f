"""Registration: the form, the participant's own page, and the letters that go with them.

Other rooms register people with ``register``; it takes a seat, or says why not.
"""

from .registering import AlreadyRegistered, register

__all__ = ["AlreadyRegistered", "register"]
