"""Bytes as they come from a pipe, made into lines. Knows nothing of what the lines say."""

__all__ = ["LineSplitter"]


class LineSplitter:
    """Collects chunks and gives the lines in them. A line may be of any length; its parts are
    joined once.
    """

    __slots__ = ("_parts",)

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that `chunk` completes, without their line ends."""
        first, *rest = chunk.split(b"\n")
        self._parts.append(first)
        if not rest:
            return []
        lines = [b"".join(self._parts), *rest]
        self._parts = [lines.pop()]
        return lines

    def finish(self) -> list[bytes]:
        """What is left once the pipe has ended: a last line without a line end, or nothing."""
        rest, self._parts = b"".join(self._parts), []
        return [rest] if rest else []
