"""HTTP clients on raw sockets: quick ones that measure, slow ones that only burden (scripts/bench_servers.py, jobs_*.py)."""

import contextlib
import selectors
import socket
import time
from dataclasses import dataclass, field

QUICK = 16

GET = b"GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FORM = b"head=" + b"n" * 60
HEAD = b"POST /visit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
POST = HEAD + b"Content-Length: %d\r\n\r\n" % len(FORM) + FORM
SLOW_FORM = b"head=" + b"n" * 600
SLOW_POST = HEAD + b"Content-Length: %d\r\n\r\n" % len(SLOW_FORM) + SLOW_FORM
LARGE_GET = b"GET /large HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


@dataclass
class Client:
    """One quick client: keeps its connection, sends again as soon as it has been answered."""

    port: int
    request: bytes
    sock: socket.socket | None = None
    sent_at: float = 0.0
    buffer: bytearray = field(default_factory=bytearray)

    def send(self, chooser: selectors.BaseSelector) -> None:
        if self.sock is None:
            self.sock = socket.create_connection(("127.0.0.1", self.port))
            chooser.register(self.sock, selectors.EVENT_READ, self)
        self.buffer.clear()
        self.sent_at = time.perf_counter()
        self.sock.sendall(self.request)

    def drop(self, chooser: selectors.BaseSelector) -> None:
        if self.sock is not None:
            chooser.unregister(self.sock)
            self.sock.close()
            self.sock = None

    def answered(self) -> bool | None:
        """None while the answer is incomplete, else whether it was a 200. Raises OSError on a closed connection."""
        assert self.sock is not None
        piece = self.sock.recv(65536)
        if not piece:
            raise ConnectionError
        self.buffer += piece
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.buffer[:end]).lower()
        if b"transfer-encoding: chunked" in head:
            return self.buffer.startswith(b"HTTP/1.1 200") if self.buffer.endswith(b"\r\n0\r\n\r\n") else None
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return self.buffer.startswith(b"HTTP/1.1 200") if len(self.buffer) >= end + 4 + length else None


def measure(port: int, request: bytes, seconds: float) -> tuple[list[float], int]:
    """Answer times in seconds of QUICK clients asking without pause, and how many requests failed or hung."""
    chooser = selectors.DefaultSelector()
    clients = [Client(port, request) for _ in range(QUICK)]
    times: list[float] = []
    failed = 0
    for client in clients:
        client.send(chooser)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for key, _ in chooser.select(timeout=0.2):
            client = key.data
            try:
                outcome = client.answered()
                if outcome is None:
                    continue
                times.append(time.perf_counter() - client.sent_at)
                failed += not outcome
                closing = b"\r\nconnection: close" in bytes(client.buffer[:400]).lower()
            except (
                OSError
            ):  # a server that closes after each answer (gunicorn sync) is not a failure in itself
                failed += bool(client.buffer)
                closing = True
            if closing:
                client.drop(chooser)
            client.send(chooser)
    now = time.perf_counter()
    hung = [now - client.sent_at for client in clients if now - client.sent_at > seconds / 3]
    for client in clients:
        client.drop(chooser)
    return times + hung, failed + len(hung)


def slow_crowd(port: int, count: int) -> None:
    """Senders at 20 bytes a second and readers at 20 KB a second, for ever; each comes back when it has finished."""
    chooser = selectors.DefaultSelector()

    def connect(kind: int) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", port))
        sock.setblocking(False)
        at_once = (b"", SLOW_POST[: -len(SLOW_FORM)], LARGE_GET)[kind]
        sock.send(at_once)
        chooser.register(sock, selectors.EVENT_READ, [kind, len(at_once)])

    for number in range(count):
        connect(number % 3)
    while True:
        time.sleep(0.05)
        for key in list(chooser.get_map().values()):
            sock, state = key.fileobj, key.data
            assert isinstance(sock, socket.socket)
            try:
                if state[0] < 2 and state[1] < len(SLOW_POST):
                    state[1] += sock.send(SLOW_POST[state[1] : state[1] + 1])
                    continue
                over = sock.recv(1024) == b"" or state[0] < 2
            except BlockingIOError:
                continue
            except OSError:
                over = True
            if over:
                chooser.unregister(sock)
                sock.close()
                with contextlib.suppress(OSError):
                    connect(state[0])
