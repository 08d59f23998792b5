"""What wants a login, on loopback: an MCP server, or the gateway of a model provider.

The user, who would say yes or no in a browser, is `come_back`.
"""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import ProxyHandler, build_opener

__all__ = ["come_back", "login_server"]


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if ".well-known" in self.path:
            self._answer(200, _about("http://" + self.headers["host"]))
        else:
            self._answer(401, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/register":
            self._answer(201, {**json.loads(body), "client_id": "tour"})
        else:
            self._answer(401, {})

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _about(url: str) -> dict[str, Any]:
    return {
        "resource": f"{url}/mcp",
        "authorization_servers": [url],
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "registration_endpoint": f"{url}/register",
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
    }


@contextmanager
def login_server() -> Generator[str, None, None]:
    """Serves on a free port; gives the address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, name="login server")
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def come_back(asked: str, **answer: str) -> None:
    """What a browser does once the user has answered at the address `asked`."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    target = f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}"
    build_opener(ProxyHandler({})).open(target, timeout=20.0).close()
