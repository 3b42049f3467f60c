"""The peer of the marks: gevent's StreamServer, a greenlet per connection, requests read by httptools."""

import os
import signal
import sys
from typing import Any

from duality.bench.peers.answers import Answers, Pages

RECEIVE = 16 * 1024


def main(root: str) -> None:
    """Serve ``root`` until told to end."""
    import gevent
    from gevent.server import StreamServer

    pages = Pages(os.path.realpath(root))

    def handle(connection: Any, address: Any) -> None:
        answers = Answers(pages)
        receive, send, feed = connection.recv, connection.sendall, answers.feed
        try:
            while not answers.over and (data := receive(RECEIVE)):
                replies = feed(data)
                if replies:
                    send(replies)
        except OSError:
            pass  # the client has gone

    server = StreamServer(("127.0.0.1", 0), handle)
    server.start()
    gevent.signal_handler(signal.SIGTERM, server.stop)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
