"""The French and Spanish catalogues: brought up to date, checked and compiled, without GNU gettext.

    python tools/messages.py                      update the catalogues and compile them
    python tools/messages.py --check              change nothing; tell what is wrong and fail
    python tools/messages.py --merge FILE.json…   take over translations, then update and compile

The strings of the source are English; French and Spanish are complete or the
check fails. What is written depends on the sources alone: no dates, no line
numbers, sorted, so that two people get the same bytes.
"""

import argparse
import ast
import io
import json
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from babel.messages.pofile import escape, read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("events", "regions", "site/accounts", "site/config", "site/letters", "site/pages", "templates")
LANGUAGES = {"fr": "nplurals=2; plural=(n > 1);", "es": "nplurals=2; plural=(n != 1);"}
Translations = dict[str, tuple[str, ...]]  # by key; one text, or one per plural form
CONTEXT, PLURAL = "\x04", "\x00"  # as gettext joins them in a compiled catalogue

# Where the message, its plural and its context stand among a function's arguments (Babel's notation).
FUNCTIONS: dict[str, Any] = {
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
FUNCTIONS |= {f"{name}_lazy": spec for name, spec in FUNCTIONS.items() if name != "gettext_noop"}

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?[a-z][a-z0-9]*")
FRENCH = {
    re.compile(r"[^\W\d_]'"): "a straight apostrophe (’ is right)",
    re.compile(r" [:;?!»]|« "): "a plain space beside « » : ; ? ! (U+00A0 with : and « », U+202F before ; ? !)",
}


@dataclass(order=True)
class Message:
    """One string of the source, as gettext knows it: context, singular, plural."""

    singular: str
    context: str = ""
    plural: str = ""
    files: set[str] = field(default_factory=set, compare=False)
    notes: set[str] = field(default_factory=set, compare=False)

    @property
    def key(self) -> str:
        """The key in translation files and compiled catalogues."""
        text = f"{self.singular}{PLURAL}{self.plural}" if self.plural else self.singular
        return f"{self.context}{CONTEXT}{text}" if self.context else text

    def forms(self, given: object) -> tuple[str, ...]:
        """A translation as a tuple of its forms, empty where there is none."""
        count = 2 if self.plural else 1
        texts = (given,) if isinstance(given, str) else tuple(given or ())  # type: ignore[arg-type, var-annotated]
        return texts if len(texts) == count and all(texts) else ()


def source_files(root: Path) -> Iterator[Path]:
    """Every file whose strings people read."""
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def functions_of(text: str) -> dict[str, Any]:
    """The translating functions of a Python file, under the names it imports them by."""
    imported = {
        alias.asname or alias.name: FUNCTIONS[alias.name]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in FUNCTIONS
    }
    qualified = {"translation": FUNCTIONS} if re.search(r"\btranslation\.n?p?gettext", text) else {}
    return imported | qualified.get("translation", {})


def messages(root: Path) -> dict[str, Message]:
    """Every translatable string of the project by its key."""
    found: dict[str, Message] = {}
    for path in source_files(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            keywords = functions_of(text)
        else:
            keywords = {"_": None} | FUNCTIONS
            # What templatize leaves is no indented Python: each line starts at the margin.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=name).split("\n"))
        if not keywords:
            continue
        extracted = extract("python", io.BytesIO(text.encode()), keywords, comment_tags=("Translators:",))
        for _line, texts, notes, context in extracted:
            singular, plural = texts if isinstance(texts, tuple) else (texts, "")
            if not singular:
                continue
            fresh = Message(str(singular), context or "", plural)
            message = found.setdefault(fresh.key, fresh)
            message.files.add(name)
            message.notes.update(notes)
    return found


def catalogue(root: Path, language: str) -> Path:
    return root / "site" / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> tuple[Translations, set[str]]:
    """The translations of a catalogue by key, and the keys marked fuzzy."""
    translations: Translations = {}
    fuzzy: set[str] = set()
    if not path.exists():
        return translations, fuzzy
    with path.open("rb") as file:
        for entry in read_po(file):
            if not entry.id:
                continue
            singular, plural = entry.id if isinstance(entry.id, tuple) else (entry.id, "")
            message = Message(str(singular), entry.context or "", str(plural))
            if entry.fuzzy:
                fuzzy.add(message.key)
            elif forms := message.forms(entry.string):
                translations[message.key] = forms
    return translations, fuzzy


def header(language: str) -> str:
    return (
        "Project-Id-Version: humus\n"
        f"Language: {language}\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=UTF-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        f"Plural-Forms: {LANGUAGES[language]}\n"
    )


def quoted(text: str) -> str:
    """A string in a catalogue's notation: one line of text per line."""
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        return "\n".join(['""', *map(escape, lines)])
    return str(escape(text))


def written(language: str, wanted: dict[str, Message], translations: Translations) -> str:
    """The text of a catalogue."""
    blocks = [f'msgid ""\nmsgstr {quoted(header(language))}']
    for message in sorted(wanted.values()):
        forms = translations.get(message.key, ())
        lines = [f"#. {note}" for note in sorted(message.notes)]
        lines += [f"#: {name}" for name in sorted(message.files)]
        if PLACEHOLDER.search(message.singular + message.plural):
            lines.append("#, python-brace-format" if "{" in message.singular else "#, python-format")
        if message.context:
            lines.append(f"msgctxt {quoted(message.context)}")
        lines.append(f"msgid {quoted(message.singular)}")
        if message.plural:
            lines.append(f"msgid_plural {quoted(message.plural)}")
            lines += [f"msgstr[{number}] {quoted(text)}" for number, text in enumerate(forms or ("", ""))]
        else:
            lines.append(f"msgstr {quoted(forms[0] if forms else '')}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def compiled(language: str, wanted: dict[str, Message], translations: Translations) -> bytes:
    """The bytes of a compiled catalogue (the GNU .mo format, revision 0, without its hash table)."""
    pairs = {"": header(language)} | {key: PLURAL.join(translations[key]) for key in wanted if key in translations}
    originals = sorted((key.encode(), text.encode()) for key, text in pairs.items())
    start = 7 * 4 + 2 * 8 * len(originals)
    tables: tuple[list[int], list[int]] = ([], [])
    body = b""
    for column in (0, 1):
        for pair in originals:
            tables[column].extend((len(pair[column]), start + len(body)))
            body += pair[column] + b"\0"
    count = len(originals)
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, start)
    return head + struct.pack(f"<{4 * count}I", *tables[0], *tables[1]) + body


def faults(language: str, message: Message, forms: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with one translation, as sentences."""
    for text, original in zip(forms, (message.singular, message.plural), strict=False):
        given, expected = set(PLACEHOLDER.findall(text)), set(PLACEHOLDER.findall(original))
        # A singular may say "one" where the plural counts, or count where the source says "one".
        loose = message.plural and original is message.singular
        if given - set(PLACEHOLDER.findall(message.plural)) - expected if loose else given != expected:
            yield f"placeholders {sorted(given)} where the source has {sorted(expected)}"
        if sorted(TAG.findall(text)) != sorted(TAG.findall(original)):
            yield "other HTML tags than the source"
        if language == "fr":
            yield from (fault for pattern, fault in FRENCH.items() if pattern.search(re.sub(r"<[^>]*>", "", text)))
        if language == "es" and text.rstrip().endswith("?") and "¿" not in text:
            yield "a question without its ¿"


def merged(files: list[Path], language: str, wanted: dict[str, Message]) -> Translations:
    """The translations of these files; the first file that translates a string wins."""
    taken: Translations = {}
    for path in files:
        for key, languages in json.loads(path.read_text(encoding="utf-8")).items():
            message = wanted.get(key)
            forms = message.forms(languages.get(language)) if message else ()
            if message is None:
                print(f"{path.name}: not in the sources: {key!r}")
            elif not forms:
                print(f"{path.name}: no whole {language} translation of {key!r}")
            elif taken.setdefault(key, forms) != forms:
                print(f"{path.name}: another {language} translation of {key!r} was taken")
    return taken


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Do what the command line says; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, fail where something is wrong")
    parser.add_argument("--merge", nargs="+", type=Path, default=[], metavar="FILE.json", help="take over translations")
    options = parser.parse_args(arguments)

    wanted = messages(root)
    problems: list[str] = []
    for language in LANGUAGES:
        path = catalogue(root, language)
        translations, fuzzy = read(path)
        if options.merge:
            translations |= merged(options.merge, language, wanted)
        text = written(language, wanted, translations)
        binary = compiled(language, wanted, translations)
        if options.check:
            name = path.relative_to(root)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                problems.append(f"{name} is out of date: run `make messages`")
            if not path.with_suffix(".mo").exists() or path.with_suffix(".mo").read_bytes() != binary:
                problems.append(f"{name.with_suffix('.mo')} is not the compiled catalogue: run `make messages`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.with_suffix(".mo").write_bytes(binary)
        for message in sorted(wanted.values()):
            where = f"{language}: {message.singular!r} ({', '.join(sorted(message.files))})"
            if message.key in fuzzy:
                problems.append(f"{where} is fuzzy")
            elif message.key not in translations:
                problems.append(f"{where} is not translated")
            else:
                problems += [f"{where}: {fault}" for fault in faults(language, message, translations[message.key])]
    for problem in problems:
        print(problem)
    print(f"{len(wanted)} messages in {', '.join(LANGUAGES)}: {len(problems)} problem{'s'[: len(problems) != 1]}")
    return 1 if problems and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
