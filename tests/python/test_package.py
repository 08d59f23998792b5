"""The package as a whole: everything in it imports, every model can be built, and nothing of the
protocol is missing from either client.
"""

import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any

import codex_app_server
from codex_app_server import (
    AppServerClient,
    AsyncAppServerClient,
    ServerRequestHandlers,
    methods,
    notifications,
    types,
)
from codex_app_server._runtime.method import Method
from pydantic import BaseModel, TypeAdapter

SCHEMA = Path(__file__).parents[2] / "schema" / "codex" / "experimental.json"


def wire_names(union: str) -> set[str]:
    """The methods that a union of the committed schema names."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    arms = schema["definitions"][union]["oneOf"]
    return {arm["properties"]["method"]["enum"][0] for arm in arms}


def modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(codex_app_server.__path__, "codex_app_server.")
    return [importlib.import_module(module.name) for module in found]


def table() -> dict[str, Method[Any, Any]]:
    """Every request, by its Python name."""
    return {
        name.lower(): value for name, value in vars(methods).items() if isinstance(value, Method)
    }


def test_everything_imports() -> None:
    assert len(modules()) > 60


def test_every_model_can_be_built() -> None:
    models = {
        value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value is not BaseModel
    }
    assert len(models) > 800
    for model in models:
        model.model_rebuild()
        assert model.__pydantic_complete__, model


def test_every_name_of_the_types_leads_to_a_type() -> None:
    assert len(types.__all__) > 1_000
    for name in types.__all__:
        TypeAdapter(getattr(types, name))


def test_the_table_has_every_request() -> None:
    wire = {method.name for method in table().values()}
    assert wire == wire_names("ClientRequest") | wire_names("ServerRequest")
    assert len(wire_names("ClientRequest")) == 172


def test_both_clients_have_every_method_with_the_same_parameters() -> None:
    ours = {name: m for name, m in table().items() if m.name in wire_names("ClientRequest")}
    for name in ours:
        blocking = inspect.signature(getattr(AppServerClient, name))
        native = inspect.signature(getattr(AsyncAppServerClient, name))
        assert inspect.iscoroutinefunction(getattr(AsyncAppServerClient, name)), name
        assert blocking.parameters.keys() == native.parameters.keys(), name
        for parameter in blocking.parameters.values():
            other = native.parameters[parameter.name]
            assert (parameter.annotation, parameter.kind) == (other.annotation, other.kind), name
        assert blocking.return_annotation == native.return_annotation, name
        assert "timeout" in blocking.parameters, name


def test_every_server_request_has_a_handler() -> None:
    theirs = {name for name, m in table().items() if m.name in wire_names("ServerRequest")}
    assert {field.name for field in fields(ServerRequestHandlers)} == theirs
    assert len(theirs) == 11


def test_the_registry_has_every_notification() -> None:
    assert set(notifications.REGISTRY) == wire_names("ServerNotification")
    assert len(notifications.REGISTRY) == 85
    assert len(notifications.ALIASES) == 18
    assert set(notifications.ALIASES.values()) <= set(notifications.REGISTRY)


def test_importing_a_client_loads_no_pydantic() -> None:
    # It takes longer to load than all of the package, and can do so while the server starts.
    program = "import sys; from codex_app_server import AsyncCodex, Codex; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True)
    loaded = said.stdout.split()
    assert b"codex_app_server.facade" in loaded
    assert b"pydantic_core" not in loaded


def test_a_config_does_not_print_what_may_be_secret() -> None:
    config = codex_app_server.AppServerConfig(env={"API_KEY": "a-secret"})
    assert "a-secret" not in repr(config)
