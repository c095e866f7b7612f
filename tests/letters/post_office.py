"""A mail server of a few lines, that can be made to hold its breath after the last dot."""

import socketserver
import threading
from types import TracebackType
from typing import Self


class PostOffice:
    """Listens on a port of its own. ``holds`` keeps it from saying that it has taken a letter."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.got_one = threading.Event()
        self.goes_on = threading.Event()
        self.goes_on.set()
        office = self

        class Clerk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                office.serve(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clerk)
        self.server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.goes_on.set()
        self.server.shutdown()
        self.server.server_close()

    def serve(self, clerk: socketserver.StreamRequestHandler) -> None:
        def say(line: str) -> None:
            clerk.wfile.write(f"{line}\r\n".encode())

        say("220 here")
        while command := clerk.rfile.readline().decode().strip().upper():
            if command.startswith("DATA"):
                say("354 go on")
                lines = []
                while (line := clerk.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                self.got_one.set()
                self.goes_on.wait(60)
                try:
                    say("250 taken")
                except OSError:
                    return
                self.taken.append("".join(lines))
            elif command.startswith("QUIT"):
                say("221 bye")
                return
            else:
                say("250 fine")
