"""How unions are decoded: which arm a value belongs to, and what becomes of a value that belongs to
none.

Each class here annotates a union of models (and `UnknownVariant`). What tells the arms apart is
read off the arms' own fields when the union's schema is built. A value of a known arm never leaves
pydantic's compiled code; Python code runs for unknown variants and for errors alone.
"""

from collections.abc import Callable, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core import (
    CoreSchema,
    InitErrorDetails,
    PydanticCustomError,
    core_schema,
    to_json,
)
from pydantic_core.core_schema import ValidationInfo

from .plain import is_object
from .unknown import UnknownVariant, flag

__all__ = ["OTHER", "Either", "External", "Tagged", "Untagged", "missing"]

KNOWN = "<known>"
"""Marks errors of a union's fast path, which `OTHER` repeats in better words."""
OTHER = "<other>"
"""Marks the errors that speak for a whole union."""

_Arm = type[BaseModel]
_Choose = Callable[[Any, bool], tuple[Sequence[_Arm], str | None]]
"""Gives the arms that a value is meant to be, and its tag. Told whether members may also be called
by their Python names."""


class Tagged:
    """A union of objects that are told apart by one of their members.

    Several arms may share a value of the tag; the first of them that fits is taken.
    """

    __slots__ = ("tag",)

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        arms, open_ended, _ = _split(source)
        by_value: dict[str, list[_Arm]] = {}
        python_name = self.tag
        for arm in arms:
            python_name, value = _tag_of(arm, self.tag)
            by_value.setdefault(value, []).append(arm)
        places: list[list[str | int]] = [[self.tag], [python_name]]
        known = core_schema.tagged_union_schema(
            {value: _first_of(same, handler) for value, same in by_value.items()},
            places,
        )
        return _with_fallback(known, self._chooser(by_value, python_name), open_ended=open_ended)

    def _chooser(self, by_value: dict[str, list[_Arm]], python_name: str) -> _Choose:
        def choose(raw: Any, by_name: bool) -> tuple[Sequence[_Arm], str | None]:
            if not is_object(raw):
                raise PydanticCustomError("union_object", "Input should be an object with a tag")
            name = python_name if by_name and self.tag not in raw else self.tag
            if name not in raw:
                raise missing(self.tag)
            tag = raw[name]
            if not isinstance(tag, str):
                raise _problem_at(self.tag, PydanticCustomError("union_tag", "The tag is a string"))
            return by_value.get(tag, ()), tag

        return choose


class External:
    """A union of bare strings, and of objects with one member whose name is the tag."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        arms, open_ended, strings = _split(source)
        by_key = {key: arm for arm in arms for key in _only_key(arm)}
        by_wire = {_only_key(arm)[0]: arm for arm in arms}
        choices: list[CoreSchema | tuple[CoreSchema, str]] = []
        if strings:
            choices.append(core_schema.literal_schema(list(strings)))
        choices.extend(handler.generate_schema(arm) for arm in arms)
        known = core_schema.union_schema(choices, mode="left_to_right")

        def choose(raw: Any, by_name: bool) -> tuple[Sequence[_Arm], str | None]:
            if isinstance(raw, str):
                if raw in by_wire:
                    raise PydanticCustomError("union_form", "It is the only key of an object")
                return (), raw
            if not is_object(raw):
                raise PydanticCustomError("union_external", "Input should be a string or an object")
            if len(raw) != 1:
                return (), None
            (key,) = raw
            if key in strings:
                raise PydanticCustomError("union_form", "Input should be the key alone, a string")
            arm = (by_key if by_name else by_wire).get(key)
            return () if arm is None else (arm,), key

        return _with_fallback(known, choose, open_ended=open_ended)


class Untagged:
    """A union of objects without a tag: the first arm that fits is taken."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        arms, open_ended, _ = _split(source)

        def choose(raw: Any, by_name: bool) -> tuple[Sequence[_Arm], str | None]:
            if not is_object(raw):
                raise PydanticCustomError("union_object", "Input should be an object")
            return (), None

        return _with_fallback(_first_of(arms, handler), choose, open_ended=open_ended)


class Either:
    """A union of which some shapes are no objects: what fits none of them is an error."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        shapes = [handler.generate_schema(shape) for shape in _alternatives(source)]
        known = core_schema.union_schema(list(shapes))

        def choose(raw: Any, by_name: bool) -> tuple[Sequence[_Arm], str | None]:
            return (), None

        return _with_fallback(known, choose, open_ended=False)


def _alternatives(source: Any) -> tuple[Any, ...]:
    return get_args(source) if get_origin(source) in (Union, UnionType) else (source,)


def _split(source: Any) -> tuple[list[_Arm], bool, tuple[str, ...]]:
    """The models among a union's arms, whether it keeps unknown variants, and its bare strings."""
    arms: list[_Arm] = []
    strings: list[str] = []
    open_ended = False
    for arm in _alternatives(source):
        if arm is UnknownVariant:
            open_ended = True
        elif get_origin(arm) is Literal:
            strings.extend(get_args(arm))
        elif isinstance(arm, type) and issubclass(arm, BaseModel):
            arms.append(arm)
        else:
            raise TypeError(f"{arm!r} can't be an arm of a union of models")
    return arms, open_ended, tuple(strings)


def _tag_of(arm: _Arm, tag: str) -> tuple[str, str]:
    """The Python name of an arm's tag field, and the value that stands for the arm."""
    for name, field in arm.model_fields.items():
        if (field.validation_alias or name) == tag and isinstance(field.default, str):
            return name, field.default
    raise TypeError(f"{arm.__name__} has no field {tag!r} with a default")


def _only_key(arm: _Arm) -> tuple[str, str]:
    """What an arm's only member is called on the wire, and in Python."""
    ((name, field),) = arm.model_fields.items()
    return str(field.validation_alias or name), name


def _first_of(arms: Sequence[_Arm], handler: GetCoreSchemaHandler) -> CoreSchema:
    schemas = [handler.generate_schema(arm) for arm in arms]
    if len(schemas) == 1:
        return schemas[0]
    return core_schema.union_schema(list(schemas), mode="left_to_right")


def _raw_of(value: Any) -> Any:
    return value.raw if isinstance(value, UnknownVariant) else value


def _with_fallback(known: CoreSchema, choose: _Choose, *, open_ended: bool) -> CoreSchema:
    """`known`, and for what it rejects: the error of the arm that was meant, or an unknown
    variant.
    """

    def fall_back(raw: Any, info: ValidationInfo) -> Any:
        if isinstance(raw, UnknownVariant):
            return raw
        arms, tag = choose(raw, info.mode == "python")
        if arms:
            return _validate_again(arms, raw, info)
        if not open_ended:
            raise PydanticCustomError("union_closed", "Input is none of the union's variants")
        flag()
        return UnknownVariant(tag, raw)

    other = core_schema.with_info_plain_validator_function(
        fall_back,
        serialization=core_schema.plain_serializer_function_ser_schema(_raw_of),
    )
    return core_schema.union_schema([(known, KNOWN), (other, OTHER)], mode="left_to_right")


def _validate_again(arms: Sequence[_Arm], raw: Any, info: ValidationInfo) -> Any:
    """Repeats a validation that has failed, for its error. The last arm's error is the one that is
    told.
    """
    for arm in arms[:-1]:
        try:
            return _validate_one(arm, raw, info)
        except ValidationError:
            continue
    return _validate_one(arms[-1], raw, info)


def _validate_one(arm: _Arm, raw: Any, info: ValidationInfo) -> BaseModel:
    if info.mode == "json":
        return arm.model_validate_json(
            to_json(raw), strict=True, by_alias=True, by_name=False, context=info.context
        )
    return arm.model_validate(raw)


def missing(member: str) -> ValidationError:
    """The error of an object that lacks a member."""
    return _problem_at(member, "missing")


def _problem_at(member: str, problem: str | PydanticCustomError) -> ValidationError:
    details: InitErrorDetails = {"type": problem, "loc": (member,), "input": None}
    return ValidationError.from_exception_data("union", [details])
