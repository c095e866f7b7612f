"""What documents are drawn with, and people of the admin."""

from tests.desk.conftest import desk, staff, translator
from tests.documents.papers import pango

__all__ = ["desk", "pango", "staff", "translator"]
