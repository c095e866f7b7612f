"""The folders are what Python, the packager and the reader take them for."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"accounts", "config", "pages", "letters", "regions", "events"}


def kept_files() -> list[Path]:
    """Every file that git keeps, or would keep."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for name in filter(None, listing.split("\0")) if (path := ROOT / name).is_file()]


def test_python_finds_its_own_site_module_beside_our_folder():
    code = "import site, django; print(site.__file__)"
    found = subprocess.run(
        [sys.executable, "-X", "frozen_modules=off", "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": "."},
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    assert found.endswith("site.py")
    assert not found.startswith(str(ROOT / "site"))


def test_the_site_folder_is_a_source_root_and_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()


def test_manage_works_from_any_folder(tmp_path: Path):
    for isolation in ([], ["-P"], ["-I"]):
        subprocess.run(
            [sys.executable, *isolation, str(ROOT / "manage.py"), "help", "found"],
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )


def test_the_wheel_holds_the_packages_with_their_templates_and_texts(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == PACKAGES
    assert "config/settings/production.py" in names
    assert "config/templates/base.html" in names
    assert {"config/locale/fr/LC_MESSAGES/django.mo", "config/locale/es/LC_MESSAGES/django.mo"} <= set(names)
    assert any(name.startswith("config/static/css/") for name in names)

    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = """
import django
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils.translation import gettext, override
django.setup()
print(get_template("base.html").origin.name, finders.find("css/base.css"))
with override("fr"):
    print(gettext("registration"))
"""
    printed = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "DJANGO_SETTINGS_MODULE": "config.settings.dev"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert printed.split() == [
        str(installed / "config/templates/base.html"),
        str(installed / "config/static/css/base.css"),
        "inscription",
    ]


def test_no_file_names_a_package_registry_or_a_folder_of_somebodys_machine():
    # Put together here, so that this file doesn't find itself.
    registries = [
        "pypi" + ".org",
        "files.python" + "hosted",
        "registry" + ".npmjs",
        "deb" + ".debian.org",
        "index" + "-url =",
    ]
    folders = ["/" + "home/", "/" + "root/", "/" + "Users/", "/" + "work/"]
    suspicious = re.compile("|".join(map(re.escape, [*registries, *folders])))
    found = []
    for path in kept_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in suspicious.finditer(text)]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_pinned_with_its_hashes(name: str):
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9][^\s=]*==\S+.*\\$", text, re.MULTILINE)
    assert len(pins) > 30
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "==" in block.splitlines()[0], block
        assert "--hash=sha256:" in block, block


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["project"]["dependencies"] + project["dependency-groups"]["dev"],
    }
    pins: dict[str, dict[str, str]] = {}
    for name, wishes in asked.items():
        found = re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
        pins[name] = dict(found)
        for wish in map(Requirement, wishes):
            pinned = pins[name][canonicalize_name(wish.name)]
            assert wish.specifier.contains(pinned, prereleases=True), f"{name}: {wish}, not {pinned}: run `make lock`"
    assert pins["requirements.lock"].items() <= pins["requirements-dev.lock"].items()
