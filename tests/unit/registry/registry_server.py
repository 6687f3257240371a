"""A server of a few lines for tests of the client alone: one table, a token, and whatever a test breaks."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.server.requests.append((parts.path, query, dict(self.headers)))
        if self.server.fault and self.server.fault(self, parts.path, query):
            return
        if self.headers.get("Authorization") != f"Token {TOKEN}":
            self.answer({"detail": "Invalid token"}, status=403)
        elif parts.path == "/api/status/":
            self.answer({"netbox-version": "4.4.10"})
        else:
            self.answer(self.page(parts.path, query))

    def page(self, path, query):
        rows = [{"id": number} for number in range(1, self.server.count + 1)]
        limit, offset = min(int(query["limit"]), self.server.max_page_size), int(query["offset"])
        more = offset + limit < len(rows)
        after = f"http://elsewhere.example{path}?limit={limit}&offset={offset + limit}" if more else None
        return {"count": len(rows), "next": after, "previous": None, "results": rows[offset : offset + limit]}

    def answer(self, body, status=200, content_type="application/json", headers=()):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, count=6):
        super().__init__(("127.0.0.1", 0), Handler)
        self.count = count
        self.fault = None
        self.max_page_size = 1000
        self.requests = []

    def handle_error(self, *_arguments):
        """A client that went away is part of the tests."""

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.shutdown()
        self.server_close()
