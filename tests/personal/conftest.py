"""People with their rights, as on the desk."""

from tests.desk.conftest import desk, staff, translator

__all__ = ["desk", "staff", "translator"]
