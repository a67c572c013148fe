"""As much of an IMAP server as reading a folder takes (RFC 9051): one connection after the other, mails in a list."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage


class Session(socketserver.StreamRequestHandler):
    server: "Mailbox"

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
        for line in self.rfile:
            tag, _, command = line.decode().strip().partition(" ")
            for untagged in self._untagged(command):
                self.wfile.write(untagged)
            self.wfile.write(f"{tag} {'NO' if command == 'EXAMINE Nowhere' else 'OK'} done\r\n".encode())

    def _untagged(self, command: str) -> Iterator[bytes]:
        if command == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1\r\n"
        elif command.startswith("EXAMINE"):
            yield f"* {len(self.server.mails)} EXISTS\r\n".encode()
        elif found := re.match(r'UID SEARCH TO "(.+)"', command):
            uids = [str(at) for at, mail in enumerate(self.server.mails, 1) if mail["To"] == found[1]]
            yield f"* SEARCH {' '.join(uids)}\r\n".encode()
        elif found := re.match(r"UID FETCH (\d+)", command):
            raw = self.server.mails[int(found[1]) - 1].as_bytes()
            yield f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"


class Mailbox(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.mails: list[EmailMessage] = []

    def deliver(self, to: str, text: str) -> None:
        mail = EmailMessage()
        mail["To"] = to
        mail.set_content(text)
        mail.add_alternative("<p>no code here</p>", subtype="html")
        self.mails.append(mail)


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
