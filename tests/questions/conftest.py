"""Who is at the desk, as in its own tests."""

from tests.desk.conftest import desk, staff, translator  # noqa: F401  (fixtures)
