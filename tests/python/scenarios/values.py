"""What scenarios send: values with names in them, for which what was saved is put in.

Also the way back: what a client decoded, encoded again.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from codex_app_server import UnknownVariant
from pydantic import TypeAdapter

__all__ = ["Names", "encoded", "filled", "walked"]

_REFERENCE = re.compile(r"\$\{([^{}]+)\}")
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


class Names:
    """What was saved. An inner scope sees what its outer one has, and saves there."""

    def __init__(self, own: Mapping[str, Any], outer: "Names | None" = None) -> None:
        self._own = dict(own)
        self._outer = outer

    def save(self, name: str, value: Any) -> None:
        """Keeps a value for later steps."""
        if self._outer is None:
            self._own[name] = value
        else:
            self._outer.save(name, value)

    def find(self, path: str) -> Any:
        """The value that `name.path.0` stands for."""
        name, _, rest = path.partition(".")
        if name in self._own:
            return walked(self._own[name], rest)
        assert self._outer is not None, f"nothing was saved as {name!r}"
        return self._outer.find(path)


def walked(value: Any, path: str) -> Any:
    """What is found in `value` by following `path`."""
    for key in path.split(".") if path else ():
        try:
            value = value[int(key)] if isinstance(value, list) else value[key]
        except (LookupError, TypeError, ValueError):
            raise AssertionError(f"there is no {path!r}, for want of {key!r}") from None
    return value


def filled(value: Any, names: Names) -> Any:
    """`value` with what its names stand for."""
    if isinstance(value, str):
        whole = _REFERENCE.fullmatch(value)
        if whole is not None:
            return names.find(whole[1])
        return _REFERENCE.sub(lambda match: _text(names.find(match[1])), value)
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"$fill", "count"}:
            return str(value["$fill"]) * int(value["count"])
        if value.keys() == {"$surrogate"}:
            return "\ud800"
        return {key: filled(member, names) for key, member in value.items()}
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def encoded(value: object) -> Any:
    """A decoded value as it would be sent."""
    if isinstance(value, list):
        return [encoded(item) for item in value]
    if isinstance(value, UnknownVariant):
        return encoded(value.raw)  # Its own model knows how it is sent; alone it has none.
    return _ANYTHING.dump_python(value, mode="json", by_alias=True, exclude_unset=True)
