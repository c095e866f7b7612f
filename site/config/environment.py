"""The environment, read once and typed; what is missing is named in a sentence."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

env = Env()

T = TypeVar("T")


def required(parser: Callable[..., T], name: str, meaning: str, **options: Any) -> T:
    """The value of an environment variable that this site can't start without.

    Raises:
        ImproperlyConfigured: the variable is missing, empty or not of its type;
            the sentence names it and says what it is for.
    """
    if not env.str(name, ""):
        raise ImproperlyConfigured(f"The environment variable {name} is missing: {meaning}")
    return optional(parser, name, meaning, **options)


def optional(parser: Callable[..., T], name: str, meaning: str, default: Any = None, **options: Any) -> T:
    """The value of an environment variable, or its default.

    Raises:
        ImproperlyConfigured: a value is given that is not of the type expected.
    """
    try:
        return parser(name, **options) if env.str(name, "") else parser(name, default, **options)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"The environment variable {name} can't be read ({error}): {meaning}") from error
