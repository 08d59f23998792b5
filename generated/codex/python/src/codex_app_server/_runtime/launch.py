"""Where the server's binary is, and how it is called. Starts nothing."""

import os
import shutil
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ..errors import ServerNotFoundError, StartError
from .facts import LaunchFacts
from .settings import ConnectionSettings

__all__ = ["command_line", "environment"]


def environment(settings: ConnectionSettings) -> dict[str, str]:
    """The server's environment: this process's own, and what the settings add."""
    return {**os.environ, **settings.env}


def command_line(facts: LaunchFacts, settings: ConnectionSettings) -> list[str]:
    """The program to run and its arguments."""
    if settings.launch_args_override is not None:
        command = list(settings.launch_args_override)
        if not command:
            raise StartError("launch_args_override is empty: it needs a program")
        return command
    binary = find_binary(facts, settings)
    return [binary, *facts.arguments, *_overrides(facts, settings)]


def find_binary(facts: LaunchFacts, settings: ConnectionSettings) -> str:
    """The server's binary: the one that was asked for, else the first that is found.

    A binary that was asked for, in the settings or the environment, is never replaced by another
    one.
    """
    env = environment(settings)
    tried: list[str] = []
    for source, asked in (
        ("the path in the config", settings.binary),
        (f"the environment variable {facts.variable}", env.get(facts.variable) or None),
    ):
        if asked is None:
            tried.append(f"{source}: not set")
            continue
        found = _resolve(os.fspath(asked), env)
        if found is None:
            raise ServerNotFoundError(
                facts.title, [*tried, f"{source}: {os.fspath(asked)} (no such file)"], facts.install
            )
        return found
    packaged, told = _packaged(facts)
    if packaged is not None:
        return packaged
    tried.append(told)
    found = shutil.which(facts.command, path=env.get("PATH"))
    if found is None:
        raise ServerNotFoundError(
            facts.title, [*tried, f"{facts.command} on PATH: not found"], facts.install
        )
    return os.path.abspath(found)


def _resolve(asked: str, env: Mapping[str, str]) -> str | None:
    """A path as it is; a bare name by way of the search path. As seen from here, not from where the
    server will run.
    """
    found = asked if Path(asked).is_file() else None
    if found is None and not os.path.dirname(asked):
        found = shutil.which(asked, path=env.get("PATH"))
    return None if found is None else os.path.abspath(found)


def _packaged(facts: LaunchFacts) -> tuple[str | None, str]:
    """The binary of the runtime package, or why there is none."""
    if facts.runtime_module is None or facts.runtime_binary is None:
        return None, "a package with the binary: there is none"
    what = f"the package {facts.runtime_package}"
    spec = find_spec(facts.runtime_module)
    if spec is None:
        return None, f"{what}: not installed"
    name = facts.runtime_binary + (".exe" if sys.platform == "win32" else "")
    for folder in spec.submodule_search_locations or ():
        path = Path(folder, name)
        if path.is_file():
            return str(path), what
    return None, f"{what}: installed, but it has no {name}"


def _overrides(facts: LaunchFacts, settings: ConnectionSettings) -> list[str]:
    given = settings.config_overrides
    pairs = (
        [f"{key}={value}" for key, value in given.items()]
        if isinstance(given, Mapping)
        else list(given)
    )
    if not pairs:
        return []
    if facts.override_option is None:
        raise ValueError(f"{facts.title} takes no config overrides")
    return [part for pair in pairs for part in (facts.override_option, pair)]
