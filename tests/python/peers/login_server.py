"""What wants a login, on loopback: an MCP server, or the gateway of a model provider.

    login_server.py PLACE

Writes its address to PLACE, says that it is there, and serves until its input ends.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


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


def main() -> None:
    """Serves on a free port until the input ends."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        Path(sys.argv[1]).write_text(address, encoding="utf-8")
        print("serving", flush=True)
        sys.stdin.read()
        server.shutdown()
        thread.join()


if __name__ == "__main__":
    main()
