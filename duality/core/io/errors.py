"""The errors of I/O that the system has no number for; all of the OSError family."""

from __future__ import annotations


class ClosedError(OSError):
    """The connection, listener or file was closed: before the operation, or while it was waiting."""


class BusyError(OSError):
    """Another task is already receiving (or already sending) on this connection.

    Two tasks taking turns on one byte stream would each get a part of the other's message. The one
    who was there first is not disturbed.
    """


class EndOfStream(ConnectionError):
    """The peer stopped sending before ``recv_exactly`` had all its bytes.

    ``partial`` holds the bytes that did come, fewer than were asked for and possibly none.
    """

    partial: bytes = b""
