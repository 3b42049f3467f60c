"""nginx, tuned: one worker that keeps descriptors of open files, sends them from the page cache, and logs nothing.

Not a peer in the same language, but the mark at the end of the road. Its master does nothing while the worker serves;
the time of both is counted.
"""

import os
import socket
import sys
import tempfile
from pathlib import Path

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {folder}/pid;
error_log stderr crit;
events {{ worker_connections 1024; use epoll; multi_accept on; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_timeout 600;
    keepalive_requests 1000000000;
    open_file_cache max=1000 inactive=600s;
    open_file_cache_valid 1s;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


def main(nginx: str, root: str) -> None:
    """Become nginx, serving ``root``."""
    # The kernel chooses the port here, and nginx inherits the socket, as it does from an older nginx that it replaces.
    listener = socket.create_server(("127.0.0.1", 0), backlog=511)
    port = listener.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="nginx-", dir=Path(root).parent)
    configuration = Path(folder, "nginx.conf")
    user = "" if os.geteuid() else "user root;"  # or the worker would become a user who may not read the folder
    configuration.write_text(CONFIGURATION.format(folder=folder, root=root, port=port, user=user))
    listener.setblocking(False)  # as nginx takes what it inherits to be
    listener.set_inheritable(True)
    print(port, flush=True)
    os.execve(nginx, [nginx, "-c", str(configuration), "-p", folder], {**os.environ, "NGINX": f"{listener.fileno()};"})


if __name__ == "__main__":
    main(*sys.argv[1:])
