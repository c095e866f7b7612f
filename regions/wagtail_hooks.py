"""What this room adds to Wagtail's admin."""

from wagtail.snippets.models import register_snippet

from .desk import DirectoryGroup

register_snippet(DirectoryGroup)
