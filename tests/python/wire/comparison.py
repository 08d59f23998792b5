"""Whether two JSON values are equal, as the contract defines that for round trips."""

import json
import re
from collections.abc import Container
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def unequal(expected: Any, found: Any, loose: Container[str] = (), path: str = "$") -> str | None:
    """Where two values differ. A `null` at one of the places in `loose` may be left out."""
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (one, other) in enumerate(zip(expected, found, strict=True)):
            if difference := unequal(one, other, loose, f"{path}[{index}]"):
                return difference
        return None
    if isinstance(expected, dict) and isinstance(found, dict):
        return _unequal_members(expected, found, loose, path)
    # To Python, true is 1.
    same_kind = isinstance(expected, bool) == isinstance(found, bool)
    return None if same_kind and expected == found else f"{path} was {expected!r}, became {found!r}"


def _unequal_members(
    expected: dict[str, Any], found: dict[str, Any], loose: Container[str], path: str
) -> str | None:
    if more := found.keys() - expected.keys():
        return f"{path} got the members {sorted(more)}"
    for key, value in expected.items():
        place = path + (f".{key}" if _PLAIN.fullmatch(key) else f"[{_quoted(key)}]")
        if key in found:
            if difference := unequal(value, found[key], loose, place):
                return difference
        elif value is not None or place not in loose:
            return f"{place} was {value!r}, and is gone"
    return None


def _quoted(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)
