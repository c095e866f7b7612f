#!/usr/bin/env python
"""Run a Django command for this site."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent

# `site` is also the name of a standard-library module: the folder is a source
# root that holds packages, never a package itself.
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    execute_from_command_line(sys.argv)
