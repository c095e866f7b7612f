"""What a request may hold and what an answer must hold, read from the types of the installed stripe package.

Stripe generates these types from its own OpenAPI description, so an upgrade
of the package moves the double with it: an unknown parameter is refused, and
an answer that no longer fits fails the test that asked for it.
"""

import builtins
import re
import sys
import types
import typing
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Literal, Union, get_args, get_origin
from urllib.parse import parse_qsl

import stripe
from stripe import ListObject, StripeObject
from stripe._object_classes import get_object_class
from stripe._request_options import RequestOptions

from tests.stripe.refusal import Refusal

Json = dict[str, Any]


class Drift(AssertionError):
    """The double said something that Stripe's own types do not allow."""


class _Names(dict[str, Any]):
    """Names of a module; what it imports for type checkers only counts as anything."""

    def __missing__(self, name: str) -> Any:
        return Any


def is_group(hint: Any) -> bool:
    """Whether this is a TypedDict, of either of the two modules that make them."""
    return hasattr(hint, "__required_keys__")


@cache
def fields(kind: Any) -> dict[str, Any]:
    """The names and types in a group of parameters or in a resource."""
    module = vars(sys.modules[kind.__module__])
    hints = typing.get_type_hints(kind, localns=_Names(vars(builtins) | vars(typing) | module))
    sent = RequestOptions.__annotations__ if is_group(kind) else {}
    return {
        name: hint
        for name, hint in hints.items()
        if not name.startswith("_") and name not in sent and get_origin(hint) is not ClassVar
    }


def nested(form: str) -> Json:
    """The values of a form in which ``a[b][0]=c`` stands for ``{"a": {"b": {"0": "c"}}}``."""
    root: Json = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        *folders, last = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name) or [name]
        place = root
        for folder in folders:
            place = place.setdefault(folder or str(len(place)), {})
            if not isinstance(place, dict):
                raise Refusal(f"Invalid request: {name} is given twice", "parameter_invalid", name)
        place[last or str(len(place))] = value
    return root


def read(hint: Any, given: Any, path: str = "") -> Any:
    """The typed value of what a request gave.

    Raises:
        Refusal: the parameter is unknown, missing or of another type.
    """
    if is_group(hint):
        return _read_group(hint, given, path)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Literal:
        if given not in inner:
            raise Refusal(f"Invalid {path}: must be one of {', '.join(inner)}", "parameter_invalid", path)
        return given
    if origin in (Union, types.UnionType):
        return _read_any(_choices(inner), given, path)
    if origin is list:
        if not isinstance(given, dict) or not all(place.isdecimal() for place in given):
            raise Refusal(f"Invalid array: {path}", "parameter_invalid", path)
        return [read(inner[0], given[place], f"{path}[{place}]") for place in sorted(given, key=int)]
    if origin is dict or getattr(origin, "__name__", "") == "UntypedStripeObject":
        if not isinstance(given, dict):
            raise Refusal(f"Invalid object: {path}", "parameter_invalid", path)
        return {name: read(inner[-1], value, f"{path}[{name}]") for name, value in given.items()}
    if hint is Any:
        return given
    return _read_plain(hint, given, path)


def _read_group(hint: Any, given: Any, path: str) -> Json:
    if not isinstance(given, dict):
        raise Refusal(f"Invalid object: {path}", "parameter_invalid", path)
    known = fields(hint)

    def full(name: str) -> str:
        return f"{path}[{name}]" if path else name

    for name in given:
        if name not in known:
            raise Refusal(f"Received unknown parameter: {full(name)}", "parameter_unknown", full(name))
    for name in sorted(hint.__required_keys__ & known.keys()):
        if name not in given:
            raise Refusal(f"Missing required param: {full(name)}.", "parameter_missing", full(name))
    return {name: read(known[name], value, full(name)) for name, value in given.items()}


def _read_any(choices: list[Any], given: Any, path: str) -> Any:
    refused: Refusal | None = None
    for choice in choices:
        try:
            return read(choice, given, path)
        except Refusal as refusal:
            deeper = is_group(choice) and isinstance(given, dict)
            refused = refusal if deeper or refused is None else refused
    assert refused is not None
    raise refused


def _read_plain(hint: Any, given: Any, path: str) -> Any:
    if isinstance(given, dict):
        raise Refusal(f"Invalid string: {path}", "parameter_invalid", path)
    if hint is bool:
        if given not in ("true", "false"):
            raise Refusal(f"Invalid boolean: {given}", "parameter_invalid", path)
        return given == "true"
    if hint is int:
        if not re.fullmatch(r"-?[0-9]{1,18}", given):
            raise Refusal(f"Invalid integer: {given}", "parameter_invalid_integer", path)
        return int(given)
    if hint in (float, Decimal):
        if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,12})?", given):
            raise Refusal(f"Invalid decimal: {given}", "parameter_invalid", path)
        return given
    return given


def _choices(inner: tuple[Any, ...]) -> list[Any]:
    """What a value may be. Beside a list of words, ``str`` only stands for words of later versions."""
    words = any(get_origin(one) is Literal and get_args(one) != ("",) for one in inner)
    return [one for one in inner if one is not types.NoneType and not (words and one is str)]


def resource(name: str) -> type[StripeObject]:
    """The class of objects that call themselves ``name``, such as "checkout.session"."""
    if name == "v2.core.event":
        return stripe.v2.core.Event
    found = get_object_class("V1", name)
    if found is StripeObject:
        raise Drift(f"stripe {stripe.VERSION} knows no object called {name}")
    return found


def blank(name: str) -> Json:
    """An object of this name with every field it may have, empty; lists that must be asked for are left out."""
    made: Json = _empty(resource(name))
    return made | {"object": name}


def part(name: str, field: str) -> Json:
    """What an object of this name holds in an optional field, empty."""
    hint = fields(resource(name))[field]
    made: Json = _empty(next(one for one in get_args(hint) if one is not types.NoneType))
    return made


def _empty(hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return None if types.NoneType in inner else _empty(inner[0])
    if origin is Literal:
        return inner[0]
    if isinstance(hint, type) and issubclass(hint, StripeObject):
        return {name: _empty(kind) for name, kind in fields(hint).items() if "ListObject" not in str(kind)}
    if origin is list:
        return []
    return {} if origin is not None else {str: "", int: 0, bool: False}.get(hint)


def check(value: Any, hint: Any = Any, path: str = "") -> None:
    """Hold an answer against Stripe's types.

    Raises:
        Drift: a field is unknown, lacking or of another type.
    """
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        _check_named(value, path)
    elif origin in (Union, types.UnionType):
        _check_any(value, _choices(inner), types.NoneType in inner, path)
    elif origin is Literal:
        _be(value in inner, value, hint, path)
    elif origin is list:
        _be(isinstance(value, list), value, hint, path)
        for place, one in enumerate(value):
            check(one, inner[0], f"{path}[{place}]")
    elif origin is not None:
        _be(isinstance(value, dict), value, hint, path)
        if inner[-1] is Any:
            _check_named(value, path)
        for name, one in value.items() if inner[-1] is not Any else ():
            check(one, inner[-1], f"{path}.{name}")
    elif isinstance(hint, type) and issubclass(hint, StripeObject):
        _be(isinstance(value, dict), value, hint, path)
        _check_fields(value, fields(hint), path)
    elif hint in (str, int, bool):
        _be(type(value) is hint, value, hint, path)


def _check_named(value: Any, path: str) -> None:
    if isinstance(value, dict) and isinstance(value.get("object"), str):
        if value["object"] == "list":
            _be(value.keys() == fields(ListObject).keys() | {"object"}, sorted(value), ListObject, path)
            for one in value["data"]:
                check(one, Any, f"{path}.data")
        else:
            _check_fields(value, fields(resource(value["object"])), path or value["object"])


def _check_any(value: Any, choices: list[Any], optional: bool, path: str) -> None:
    drift: Drift | None = None
    for choice in choices if value is not None or not optional else ():
        try:
            check(value, choice, path)
        except Drift as failed:
            drift = failed
        else:
            return
    if drift:
        raise drift


def _check_fields(value: Json, known: dict[str, Any], path: str) -> None:
    for name, hint in known.items():
        if name not in value:
            _be(hint is Any or types.NoneType in get_args(hint), "nothing", hint, f"{path}.{name}")
    for name, one in value.items():
        _be(name in known or value.get("object") == "v2.core.event", one, "known", f"{path}.{name}")
        if name in known:
            check(one, known[name], f"{path}.{name}")


def _be(so: bool, value: Any, hint: Any, path: str) -> None:
    if not so:
        raise Drift(f"{path}: {value!r} is not {hint}")
