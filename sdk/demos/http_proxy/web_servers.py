"""What stands behind the proxy in its test: a real nginx, and origins that do what no decent server does.

They listen before they are started, on sockets that are handed to them, so nothing has to be waited for.
"""

import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading

_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"

_NGINX_CONF = """\
daemon off;
worker_processes 1;
worker_rlimit_nofile 4096;
{user}
pid {root}/nginx.pid;
error_log {root}/error.log;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  sendfile on;
  keepalive_requests 100000;
  client_body_temp_path {root}/body;
  proxy_temp_path {root}/proxy;
  fastcgi_temp_path {root}/fastcgi;
  uwsgi_temp_path {root}/uwsgi;
  scgi_temp_path {root}/scgi;
  server {{
    listen 127.0.0.1:{port};
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {root}/certificate.pem;
    ssl_certificate_key {root}/key.pem;
    root {root}/www;
    location /upload/ {{ dav_methods PUT; client_max_body_size 0; }}
    location = /headers {{ add_header Seen-Via $http_via; add_header Seen-Proxy-Connection "<$http_proxy_connection>"; return 204; }}
  }}
}}
"""


def program(name):
    """Where a program is, or None."""
    return shutil.which(name, path=_PATH)


def missing_programs():
    return [name for name in ("curl", "nginx", "openssl") if not program(name)]


def listening_socket(backlog=1024, address="127.0.0.1"):
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, 0))
    listener.listen(backlog)
    return listener


class Nginx:
    """nginx with files of the test's own in `www`, plain at `port` and with TLS at `tls_port`; PUT works below /upload/."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="http_proxy_test")
        self.root = self._folder.name
        self.www = os.path.join(self.root, "www")
        os.makedirs(os.path.join(self.www, "upload"))
        self.certificate = os.path.join(self.root, "certificate.pem")
        subprocess.run([program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                        os.path.join(self.root, "key.pem"), "-out", self.certificate],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        listeners = [listening_socket(), listening_socket()]
        self.port, self.tls_port = [listener.getsockname()[1] for listener in listeners]
        configuration = os.path.join(self.root, "nginx.conf")
        with open(configuration, "w", encoding="utf-8") as file:
            # As root it would change to a user who may not enter our folder.
            user = "user root;" if os.geteuid() == 0 else ""
            file.write(_NGINX_CONF.format(root=self.root, port=self.port, tls_port=self.tls_port, user=user))
        descriptors = [listener.fileno() for listener in listeners]
        self._process = subprocess.Popen(
            [program("nginx"), "-p", self.root, "-c", configuration, "-e", os.path.join(self.root, "error.log")],
            env={**os.environ, "NGINX": "".join(f"{descriptor};" for descriptor in descriptors)},
            pass_fds=descriptors, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # it writes to error.log
        for listener in listeners:
            listener.close()

    def write(self, name, data):
        with open(os.path.join(self.www, name), "wb") as file:
            file.write(data)
        return f"http://127.0.0.1:{self.port}/{name}"

    def write_sparse(self, name, size):
        """A file of `size` zeros that takes no room on the disk."""
        with open(os.path.join(self.www, name), "wb") as file:
            file.truncate(size)
        return f"http://127.0.0.1:{self.port}/{name}"

    def stop(self):
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


class Origin:
    """Calls `serve(connection)` for each connection, on a thread of its own each; closes it afterwards."""

    def __init__(self, serve, address="127.0.0.1"):
        self._serve = serve
        self._listener = listening_socket(address=address)
        self._host = f"[{address}]" if ":" in address else address
        self.port = self._listener.getsockname()[1]
        self.connections = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        with connection:
            try:
                self._serve(connection)
            except OSError:
                pass  # the other side has had enough

    def url(self, path="/"):
        return f"http://{self._host}:{self.port}{path}"

    def stop(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def read_header(connection):
    """Up to the empty line; what has come behind it is the second part."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ConnectionResetError("the request ended early")
        data += more
    header, _, rest = data.partition(b"\r\n\r\n")
    return header + b"\r\n", rest


def reset(connection):
    """Closes it so that the other side gets a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class FullListener:
    """An address that never answers: its queue of connections is full and nobody empties it."""

    def __init__(self):
        self._listener = listening_socket(backlog=0)
        self.port = self._listener.getsockname()[1]
        self._fillers = []
        while True:
            filler = socket.socket()
            filler.settimeout(0.5)
            self._fillers.append(filler)
            try:
                filler.connect(("127.0.0.1", self.port))
            except socket.timeout:
                return

    def stop(self):
        for filler in self._fillers:
            filler.close()
        self._listener.close()
