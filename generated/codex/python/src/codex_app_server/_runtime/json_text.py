"""JSON text without a type, as pydantic's parser has it, which is loaded when first needed."""

from typing import Any

__all__ = ["from_json", "to_json"]


def from_json(line: bytes, *, allow_inf_nan: bool = True) -> Any:
    """What `line` says. Raises `ValueError` if it isn't JSON."""
    from pydantic_core import from_json as parse

    return parse(line, allow_inf_nan=allow_inf_nan)


def to_json(value: object) -> bytes:
    """`value` as JSON text. Raises `ValueError` for what can't be said in it."""
    from pydantic_core import to_json as write

    return write(value)
