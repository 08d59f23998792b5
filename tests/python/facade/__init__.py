"""The convenience layer, on the real server."""
