"""One HTTP connection, whose request heads may not be endless. RFC 9110 section 5.4.

Any number of ordinary cookies fits in; more is somebody filling our memory.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 256 * 1024


class Connection(HttpToolsProtocol):
    """Counts what arrives until a head is complete."""

    _arrived = 0

    def data_received(self, data: bytes) -> None:
        self._arrived += len(data)
        super().data_received(data)
        if self._arrived > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._arrived = 0

    def on_body(self, body: bytes) -> None:
        self._arrived = 0
        super().on_body(body)
