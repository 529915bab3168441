"""The web server: granian, with a socket that stays open while its worker is replaced.

Run by `python -m bridge.web.server APPLICATION HOST PORT THREADS`.
"""

import json
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined]
from granian.server import MPServer

from bridge.log_lines import configure_logging
from bridge.reloading import Terminal, files_are_sound, postpone_reload
from bridge.settings import load_settings

LOGGING = Path(__file__).with_name("granian.json")
"""Has the server's own lines come out as all others do."""
FINISH_SECONDS = 10
"""What requests under way may take when the server stops or takes new files."""
OVERLAP_SECONDS = 2.0
"""About what a new worker needs until it answers; where it needs longer, calls wait for it."""


class WebServer(MPServer):
    """Listens once for all its workers: whoever calls while one follows another just waits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._terminal = Terminal()

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        """Have a new worker take over, unless the files are such that it could not start."""
        if self._terminal.hung_up():
            self.signal_handler_interrupt(*args, **kwargs)  # type: ignore[no-untyped-call]
        elif files_are_sound():
            super().signal_handler_reload(*args, **kwargs)  # type: ignore[no-untyped-call]

    def _init_shared_socket(self) -> None:
        """As granian does where sockets cannot be bound twice.

        With a socket for each worker, calls that the old one has not accepted would be cut off.
        """
        holder = SocketSpec(self.bind_addr, self.bind_port, self.backlog).build()
        self._shd = holder  # type: ignore[assignment]
        self._sso = socket.socket(fileno=holder.get_fd())


def main() -> None:
    """Serve until SIGTERM; SIGHUP replaces the worker."""
    postpone_reload()
    configure_logging(load_settings().log_level)
    application, host, port, threads = sys.argv[1:]
    server = WebServer(
        application,
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=int(threads),
        respawn_failed_workers=True,
        respawn_interval=OVERLAP_SECONDS,
        workers_kill_timeout=FINISH_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig=json.loads(LOGGING.read_text(encoding="utf-8")),
    )
    server.on_startup(lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP}))
    server.serve()


if __name__ == "__main__":
    main()
