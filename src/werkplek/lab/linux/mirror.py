"""A forward proxy for the lab hosts' apt: they have no network of their own, this machine has Debian's mirrors.

Asks through `apt-helper download-file`, so that whatever way this machine's apt reaches the mirrors is the way here
too, and keeps packages, which never change under one name. Serves Debian's mirrors only.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import tempfile
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

HELPER = "/usr/lib/apt/apt-helper"
MIRRORS = frozenset({"deb.debian.org", "security.debian.org"})
KEPT = (".deb", ".udeb")
PORT = 3142


class Mirror(ThreadingHTTPServer):
    """The proxy. One request per address fetches, the others wait for it."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], cache: Path) -> None:
        super().__init__(address, Handler)
        self.cache = cache
        self.locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def fetch(self, url: str) -> bytes | None:
        """The body behind an address, or None where the mirror has none."""
        kept = self.cache / hashlib.sha256(url.encode()).hexdigest()
        with self.locks[url]:
            if kept.exists():
                return kept.read_bytes()
            body = downloaded(url)
            if body is not None and url.endswith(KEPT):
                partial = kept.with_suffix(f".{threading.get_ident()}")
                partial.write_bytes(body)
                partial.replace(kept)
            return body


def downloaded(url: str) -> bytes | None:
    """What apt gets for an address."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "body"
        result = subprocess.run([HELPER, "download-file", url, str(target)], capture_output=True, check=False)
        return target.read_bytes() if result.returncode == 0 else None


class Handler(BaseHTTPRequestHandler):
    """GET with an absolute address, as apt asks its proxy (RFC 9112, 3.2.2)."""

    protocol_version = "HTTP/1.1"
    server: Mirror

    def do_GET(self) -> None:
        """Answer with the file, 403 for another server, 404 where there is none."""
        asked = urlsplit(self.path)
        if asked.scheme != "http" or asked.hostname not in MIRRORS:
            self._answer(403, b"not a Debian mirror\n")
            return
        body = self.server.fetch(self.path)
        self._answer(404 if body is None else 200, body or b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--address", required=True)
    parser.add_argument("--cache", required=True, type=Path)
    arguments = parser.parse_args()
    arguments.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    Mirror((arguments.address, PORT), arguments.cache).serve_forever()


if __name__ == "__main__":
    main()
