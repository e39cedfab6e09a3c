"""Keeps the beginning and the end of what a job prints, whatever its length."""

from collections import deque

__all__ = ["Transcript"]


class Transcript:
    """The first and last `cap_bytes`/2 of a stream, and how long it was."""

    def __init__(self, cap_bytes: int) -> None:
        self.length = 0
        self._half = max(cap_bytes // 2, 1)
        self._head = bytearray()
        self._tail: deque[bytes] = deque()
        self._tail_length = 0

    def feed(self, data: bytes) -> None:
        """Take the next part of the stream."""
        self.length += len(data)
        room = self._half - len(self._head)
        self._head += data[:room]
        if rest := data[room:]:
            self._tail.append(rest)
            self._tail_length += len(rest)
        while self._tail and self._tail_length - len(self._tail[0]) >= self._half:
            self._tail_length -= len(self._tail.popleft())

    def text(self) -> str:
        """Return what was kept, decoded with replacement, with a note where something was left out."""
        tail = b"".join(self._tail)[-self._half :]
        left_out = self.length - len(self._head) - len(tail)
        note = f"\n[... {left_out} bytes left out ...]\n".encode() if left_out else b""
        return (bytes(self._head) + note + tail).decode(errors="replace")
