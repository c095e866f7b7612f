"""Static files as the public gets them: hashed names, packed, and a style sheet in one piece.

The style is written in several files, which ``css/humus.css`` imports in their
order. On one's own machine the browser follows it; for the public they are
joined, so that nobody waits for one before learning of the next.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'@import url\("?([\w.-]+)"?\);\s*')
JOINED = ("css/humus.css",)


class Joined:
    """Reads a style sheet with what it imports in its place; files of one folder only."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str, mode: str = "rb") -> ContentFile[bytes]:
        folder = path.rpartition("/")[0]

        def content(name: str) -> str:
            with self.storage.open(f"{folder}/{name}") as file:
                text: str = file.read().decode()
                return text

        joined = IMPORT.sub(lambda found: content(found[1]).rstrip() + "\n", content(path.rpartition("/")[2]))
        return ContentFile(joined.encode(), name=path)


class JoinedStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the style sheets joined first."""

    def post_process(self, paths: dict[str, Any], *args: Any, **kwargs: Any) -> Iterator[Any]:
        for name in JOINED:
            if name in paths:
                storage, path = paths[name]
                paths[name] = Joined(storage), path
        yield from super().post_process(paths, *args, **kwargs)
