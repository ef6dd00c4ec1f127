"""Put a changed module in the place of the one that is loaded, for ``tests/mutate.py``.

The tests hold the functions of a module under names of their own, so that a second import would not reach them. What
differs is therefore grafted onto what is loaded: the code of functions and methods, and plain data under the same name
wherever it was imported.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

PLAIN = (bool, int, float, complex, str, bytes, range, Decimal, Fraction, np.ndarray, np.generic, type(None))
NESTED = (tuple, list, set, frozenset, dict)


def plant(name: str, text: str) -> int:
    """Graft the text onto the loaded module; return how many places differ."""
    loaded = sys.modules[name]
    changed = ModuleType(name)
    changed.__dict__.update({key: loaded.__dict__.get(key) for key in ("__package__", "__file__", "__spec__")})
    exec(compile(text, str(loaded.__file__), "exec"), changed.__dict__)
    places = sum(
        graft(vars(loaded)[key], new, functools.partial(bind, loaded, key))
        for key, new in vars(changed).items()
        if key in vars(loaded) and not key.startswith("__")
    )
    forget()
    return places


def graft(old: Any, new: Any, replace: Callable[[Any], None]) -> int:
    """Make what is loaded as the new thing is; return how many places differ."""
    if isinstance(new, functools.partial) and isinstance(old, functools.partial):
        return graft(old.func, new.func, ignore) + graft((old.args, old.keywords), (new.args, new.keywords), ignore)
    inner_old, inner_new = bare(old), bare(new)
    if isinstance(inner_old, FunctionType) and isinstance(inner_new, FunctionType):
        return graft_function(inner_old, inner_new)
    if isinstance(old, type) and isinstance(new, type):
        return 0 if old is new else graft_class(old, new)
    if is_plain(new) and is_plain(old):
        if is_same(old, new):
            return 0
        replace(new)
        return 1
    if isinstance(old, tuple | list) and isinstance(new, tuple | list):
        return sum(graft(*pair, ignore) for pair in zip(old, new, strict=False))
    if isinstance(old, dict) and isinstance(new, dict):
        return sum(
            graft(value, new[key], functools.partial(old.__setitem__, key)) for key, value in old.items() if key in new
        )
    return 0


def bare(value: Any) -> Any:
    """The function within a property, a method of a class or a cache."""
    value = value.fget if isinstance(value, property) else value
    value = value.__func__ if isinstance(value, staticmethod | classmethod) else value
    return getattr(value, "__wrapped__", value)


def graft_function(old: FunctionType, new: FunctionType) -> int:
    """Give a loaded function the code and the defaults of another."""
    places = 0
    if not is_same_code(old.__code__, new.__code__):
        old.__code__ = new.__code__
        places += 1
    for name in ("__defaults__", "__kwdefaults__"):
        if is_plain(getattr(new, name)) and not is_same(getattr(old, name), getattr(new, name)):
            setattr(old, name, getattr(new, name))
            places += 1
    return places


def graft_class(old: type, new: type) -> int:
    """Give a loaded class the methods and the plain attributes of another."""
    names = [name for name in vars(new) if name in vars(old) and name not in ("__dict__", "__doc__", "__weakref__")]
    return sum(graft(vars(old)[name], vars(new)[name], functools.partial(setattr, old, name)) for name in names)


def bind(module: ModuleType, name: str, value: Any) -> None:
    """Bind a name anew, in the module and in those that imported it from there."""
    before = vars(module)[name]
    for other in loaded_modules():
        if vars(other).get(name) is before:
            vars(other)[name] = value


def ignore(value: Any) -> None:
    """Leave what cannot be replaced."""


def is_plain(value: Any) -> bool:
    """Whether a value is data all through."""
    if isinstance(value, dict):
        return all(is_plain(item) for pair in value.items() for item in pair)
    return all(map(is_plain, value)) if isinstance(value, NESTED) else isinstance(value, PLAIN)


def is_same(old: Any, new: Any) -> bool:
    """Whether two plain values are the same."""
    if type(old) is not type(new):
        return False
    if isinstance(old, np.ndarray):
        return bool(old.shape == new.shape and old.tobytes() == new.tobytes())
    if isinstance(old, dict):
        return is_same(list(old.items()), list(new.items()))
    if isinstance(old, tuple | list):
        return len(old) == len(new) and all(map(is_same, old, new))
    return repr(old) == repr(new)


def is_same_code(old: CodeType, new: CodeType) -> bool:
    """Whether two pieces of code do the same, wherever their lines stand."""
    if (old.co_code, old.co_names, len(old.co_consts)) != (new.co_code, new.co_names, len(new.co_consts)):
        return False
    pairs = zip(old.co_consts, new.co_consts, strict=True)
    return all(is_same_code(*pair) if isinstance(pair[0], CodeType) else is_same(*pair) for pair in pairs)


def loaded_modules() -> Iterator[ModuleType]:
    """The package and its tests, as far as they are loaded."""
    for name, module in list(sys.modules.items()):
        if isinstance(module, ModuleType) and name.split(".")[0].startswith(("ketastats", "test_", "truth", "golden")):
            yield module


def forget() -> None:
    """Empty every cache of the package and of its tests: it may hold what the module said before."""
    for module in loaded_modules():
        for value in list(vars(module).values()):
            if callable(getattr(value, "cache_clear", None)):
                value.cache_clear()
