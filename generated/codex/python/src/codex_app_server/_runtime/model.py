"""What generated types are built from. They import from here alone.

Knows how models behave on the wire: members they don't know are kept, members that weren't given
aren't sent.
"""

from typing import Annotated, Any, ClassVar, Final, TypeAlias, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from .enums import ClosedEnum, OpenEnum
from .unions import Either, External, Tagged, Untagged, missing
from .unknown import UnknownVariant

__all__ = [
    "FROM_WIRE",
    "ClosedEnum",
    "Either",
    "External",
    "ExternalModel",
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "NeverNull",
    "NonEmpty",
    "OpenEnum",
    "Tagged",
    "TaggedModel",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "UnknownVariant",
    "Untagged",
    "Wire",
    "WireModel",
]

T = TypeVar("T")

NonEmpty: TypeAlias = Annotated[str, Field(min_length=1)]
"""Text that is not empty."""

# Whole numbers by their bits. Python could hold more, but other SDKs and the server can't.
Int8: TypeAlias = Annotated[int, Field(ge=-(1 << 7), lt=1 << 7)]
Int16: TypeAlias = Annotated[int, Field(ge=-(1 << 15), lt=1 << 15)]
Int32: TypeAlias = Annotated[int, Field(ge=-(1 << 31), lt=1 << 31)]
Int64: TypeAlias = Annotated[int, Field(ge=-(1 << 63), lt=1 << 63)]
UInt8: TypeAlias = Annotated[int, Field(ge=0, lt=1 << 8)]
UInt16: TypeAlias = Annotated[int, Field(ge=0, lt=1 << 16)]
UInt32: TypeAlias = Annotated[int, Field(ge=0, lt=1 << 32)]
UInt64: TypeAlias = Annotated[int, Field(ge=0, lt=1 << 64)]

FROM_WIRE: Final = object()
"""The context of a validation whose input came from the server."""


def Wire(name: str) -> FieldInfo:
    """The name that a field has on the wire, where that isn't its Python name."""
    field: FieldInfo = Field(validation_alias=name, serialization_alias=name)
    return field


class WireModel(BaseModel):
    """The base of all objects that travel.

    Fields may be given by their Python names or their wire names. What an object holds beyond its
    fields is kept in `model_extra` and sent back. Fields that were never set are not sent; `None`
    is sent as `null`.
    """

    model_config = ConfigDict(
        extra="allow",
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        protected_namespaces=(),
        ser_json_inf_nan="null",
    )


class ExternalModel(WireModel):
    """An object whose only member names a variant of a union: with another one, it would be another
    variant.
    """

    model_config = ConfigDict(extra="forbid")


class TaggedModel(WireModel):
    """An object with members of one fixed value, which are sent although nobody sets them. From the
    server, they have to come.
    """

    _fixed: ClassVar[frozenset[str]] = frozenset()
    """The Python names of the members with one fixed value."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        cls._fixed = frozenset(
            name
            for name, field in cls.model_fields.items()
            if get_args(field.annotation) == (field.default,)
        )

    def model_post_init(self, context: Any, /) -> None:
        given = self.__pydantic_fields_set__
        if context is FROM_WIRE:
            for name in self._fixed - given:
                raise missing(str(type(self).model_fields[name].validation_alias or name))
        given.update(self._fixed)


class _NeverNull:
    """Lets Python say `None` for "absent", but no message say `null`."""

    __slots__ = ()

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        nullable = handler(source)
        inner = nullable["schema"] if nullable["type"] == "nullable" else nullable
        return core_schema.json_or_python_schema(inner, nullable)


def _is_none(value: object) -> bool:
    return value is None


NeverNull: TypeAlias = Annotated[T | None, _NeverNull(), Field(exclude_if=_is_none)]
"""A member that may be absent, which reads as `None`, but is never `null` on the wire."""
