"""Serves the small verifier over HTTP in two manners: a JSON API, and login forms with a session and a CSRF token."""

import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, override
from urllib.parse import parse_qs, urlsplit

from tests.torture.verifier import Flaw, Verifier

_STATUS = {"issued": 202, "limited": 429, "accepted": 200, "wrong": 401, "refused": 410}


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def __init__(self, verifier: Verifier, *, is_mute: bool, answers_before_busy: int | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.verifier = verifier
        self.is_mute = is_mute
        self.answers_before_busy = answers_before_busy
        self.requests: list[str] = []

    def is_busy(self) -> bool:
        return self.answers_before_busy is not None and len(self.requests) > self.answers_before_busy

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        return  # somebody went away without reading: that is what is tested


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/mails":
            to = parse_qs(url.query)["to"][0]
            mails = [{"to": whom, "text": f"Your code:\n{code}\n"} for whom, code in self.server.verifier.mails]
            self._answer(200, json.dumps([mail for mail in mails if mail["to"] == to]))
        else:
            self._answer(200, "<form>", {"Set-Cookie": f"csrf={secrets.token_hex(4)}; Path=/"})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length).decode()
        if len(body) < length:
            return  # the client went away before its request was whole
        self.server.requests.append(self.path)
        if self.path.startswith("/form/"):
            self._post_form({name: values[0] for name, values in parse_qs(body).items()})
        else:
            self._post_json(json.loads(body or "{}"))

    def log_message(self, *_: object) -> None:
        return

    def _post_json(self, body: dict[str, str]) -> None:
        verifier = self.server.verifier
        match self.path:
            case "/issue":
                id_ = verifier.issue(body["email"])
                self._say("limited" if id_ is None else "issued", {"data": {"id": id_}})
            case "/resend":
                verifier.resend(body["id"])
                self._say("issued", {})
            case "/restart":
                verifier.restart()
                self._say("accepted", {})
            case _ if self.server.is_busy():
                self._say("limited", {})
            case _:
                said = verifier.verify(body["id"], body["code"], self.headers.get("Idempotency-Key", ""))
                self._say("wrong" if self.server.is_mute and said == "refused" else said, {"verdict": said})

    def _post_form(self, form: Mapping[str, str]) -> None:
        """Sessions live in a cookie, every form wants the CSRF token of another, and answers are redirects or pages."""
        cookies = {name: one.value for name, one in SimpleCookie(self.headers.get("Cookie", "")).items()}
        if form.get("csrf") != cookies.get("csrf", "none"):
            self._answer(403, "CSRF")
        elif self.path == "/form/login":
            id_ = self.server.verifier.issue(form["email"])
            headers = {"Location": "/confirm", "Set-Cookie": f"session={id_}; HttpOnly"}
            self._answer(302 if id_ else 429, "", headers if id_ else None)
        else:
            said = self.server.verifier.verify(cookies["session"], form["code"], secrets.token_hex(8))
            page, location = {"wrong": (200, ""), "accepted": (302, "/home")}.get(said, (302, "/login"))
            self._answer(page, "Incorrect code", {"Location": location, "Set-Cookie": "session=; Max-Age=0"})

    def _say(self, word: str, members: Mapping[str, object]) -> None:
        self._answer(_STATUS[word], json.dumps({"said": word, **members}))

    def _answer(self, status: int, text: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


@contextmanager
def served(*flaws: Flaw, is_mute: bool = False, answers_before_busy: int | None = None) -> Iterator[Server]:
    """A product with these flaws.

    *is_mute*: dead codes are answered as wrong ones are. *answers_before_busy*: requests until all guesses are limited.
    """
    verifier = Verifier(frozenset(flaws))
    with Server(verifier, is_mute=is_mute, answers_before_busy=answers_before_busy) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def url_of(server: Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"
