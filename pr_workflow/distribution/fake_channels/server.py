"""The fake channels as an HTTP server on the loopback interface.

POST|GET /graph/<page>/feed       the page feed (also /graph/v26.0/<page>/feed)
POST     /hooks/<name>            a webhook receiver; GET /hooks/<name>/<id> looks an event up
GET      /ledger                  what really arrived
POST     /_faults                 misbehave: {"path": "/graph", "fault": "reset_after_accept", "times": 1}
DELETE   /_faults                 behave again
GET      /health                  200 while the server runs
"""

import json
import re
import socket
import struct
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from . import graph, hooks
from .faults import Fault, Faults, Order
from .ledger import Ledger

FEED = re.compile(r"^/graph(?:/v[\d.]+)?/(?P<page>[\w.-]+)/feed$")
HOOK = re.compile(r"^/hooks/(?P<name>[\w-]+)(?:/(?P<event_id>[\w-]+))?$")
LARGEST_REQUEST = 5_000_000  # bytes

Reply = tuple[int, dict[str, Any] | list[Any]]


class FakeChannels(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only. ``secrets`` and ``tokens`` go by receiver or page name; others are not checked.

    As a context manager it serves in a thread; ``port=0`` takes any free port, see ``base_url``.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(
        self,
        port: int = 0,
        ledger_path: Path | None = None,
        secrets: Mapping[str, str] | None = None,
        tokens: Mapping[str, str] | None = None,
    ):
        self.ledger = Ledger(ledger_path)
        self.faults = Faults()
        self.secrets = dict(secrets or {})
        self.tokens = dict(tokens or {})
        self.stopping = threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def base_url(self) -> str:
        """The address without a trailing slash."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def misbehave(self, path: str, fault: str, **order: Any) -> None:
        """The same as POST /_faults."""
        self.faults.add(Order.read({"path": path, "fault": fault, **order}))

    def __enter__(self) -> "FakeChannels":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *exception: Any) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that gave up waiting is part of the play and no error."""


class _Handler(BaseHTTPRequestHandler):
    server: FakeChannels

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the ledger is the log."""

    def _serve(self, method: str) -> None:
        self._body = self._read_body()
        path = urlsplit(self.path).path
        order = self.server.faults.take(method, path)
        if order is None:
            self._reply(*self._answer(method, path))
            return
        self._misbehave(order, self._answer(method, path) if order.fault.takes_the_post else (500, {}))

    def _misbehave(self, order: Order, answer: Reply) -> None:
        match order.fault:
            case Fault.TIMEOUT_AFTER_ACCEPT | Fault.TIMEOUT_BEFORE_ACCEPT:
                self.server.stopping.wait(order.seconds)
                self._reset()
            case Fault.ERROR_AFTER_ACCEPT | Fault.ERROR_BEFORE_ACCEPT:
                self._reply(500, {"error": "Internal error."})
            case Fault.RESET_AFTER_ACCEPT | Fault.RESET_BEFORE_ACCEPT:
                self._reset()
            case Fault.GARBAGE_AFTER_ACCEPT:
                self._send(200, b"<html>welcome", {})
            case Fault.TOO_MANY_REQUESTS:
                self._reply(429, {"error": "Too many requests."}, {"Retry-After": str(int(order.seconds))})
            case Fault.REFUSED:
                self._reply(403, {"error": "Not allowed."})
            case Fault.SLOW:
                self.server.stopping.wait(order.seconds)
                self._reply(*answer)

    def _answer(self, method: str, path: str) -> Reply:
        if feed := FEED.match(path):
            return self._feed(method, feed["page"])
        if hook := HOOK.match(path):
            return self._hook(method, hook["name"], hook["event_id"])
        match method, path:
            case "GET", "/health":
                return 200, {"status": "ok"}
            case "GET", "/ledger":
                return 200, self.server.ledger.entries()
            case "POST", "/_faults":
                return self._order_fault()
            case "DELETE", "/_faults":
                self.server.faults.clear()
                return 200, {}
        return 404, {"error": "Nothing here."}

    def _feed(self, method: str, page: str) -> Reply:
        if refusal := graph.token_error(self.headers.get("Authorization", ""), self.server.tokens.get(page)):
            return refusal
        if method == "POST":
            return graph.post_to_feed(self.server.ledger, page, dict(parse_qsl(self._body.decode("utf-8", "replace"))))
        query = dict(parse_qsl(urlsplit(self.path).query))
        return graph.read_feed(self.server.ledger, page, int(query.get("limit", 25)), int(query.get("after", 0)))

    def _hook(self, method: str, name: str, event_id: str | None) -> Reply:
        if refusal := hooks.signature_error(self.server.secrets.get(name), dict(self.headers), self._body):
            return refusal
        if method == "POST":
            return hooks.receive(self.server.ledger, name, self.headers.get("webhook-id", ""), self._body)
        return hooks.look_up(self.server.ledger, name, event_id or "")

    def _order_fault(self) -> Reply:
        try:
            self.server.faults.add(Order.read(json.loads(self._body)))
        except (ValueError, TypeError) as error:
            return 400, {"error": str(error), "faults": list(Fault)}
        return 201, {}

    def _read_body(self) -> bytes:
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST_REQUEST))

    def _reply(self, status: int, content: Any, headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self._send(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """Cut the connection hard, as a crashing server does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
