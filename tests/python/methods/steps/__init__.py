"""The steps of the tour, by what they are about. Importing this registers all of them."""

from . import (
    accounts,
    commands,
    config,
    extensions,
    files,
    plugins,
    projects,
    server,
    threads,
    turns,
)

__all__ = [
    "accounts",
    "commands",
    "config",
    "extensions",
    "files",
    "plugins",
    "projects",
    "server",
    "threads",
    "turns",
]
