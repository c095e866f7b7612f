"""One line: a text as somebody typed it, without what nobody sees."""

import re
from typing import Any

from django import forms

UNSEEN = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff]")
"Control characters, and those that turn the direction of a line round; joiners belong to some scripts."


class OneLineField(forms.CharField):
    """A text of one line: runs of white space of any kind become one space, what nobody sees goes."""

    def to_python(self, value: Any) -> str:
        return " ".join(UNSEEN.sub("", super().to_python(value) or "").split())


class ManyLinesField(forms.CharField):
    """A text of several lines: its lines stay, at most one of them empty between two others."""

    def to_python(self, value: Any) -> str:
        text = UNSEEN.sub("", super().to_python(value) or "")
        lines = [" ".join(line.split()) for line in text.splitlines()]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
