"""Turns of the real server, with a model on loopback."""
