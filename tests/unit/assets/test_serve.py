"""Starting the UI."""

import socket
from contextlib import closing

import pytest

from assets.serve import HOST, require_free
from pipeline.errors import Point27Error


def test_a_port_that_is_taken_is_told() -> None:
    with closing(socket.socket()) as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Point27Error, match=f"port {port} is used.*--port"):
            require_free(port)
    require_free(port)
