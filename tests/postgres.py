"""A PostgreSQL of one's own: a cluster in a temporary folder, reached by a socket in it.

Clusters of this machine are not touched, and no TCP port is used. The programs are Debian's.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_ACCOUNT = "postgres"
_STARTS_SECONDS = 30.0


class PostgresMissing(Exception):
    """PostgreSQL's programs are not on this machine. The text says how to get them."""


class PostgresCluster:
    """A running server. `as_account` is how to become the account that it runs under."""

    def __init__(self, programs: Path, folder: Path, as_account: list[str]) -> None:
        self._programs = programs
        self._folder = folder
        self._as_account = as_account

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database like `template`, by default an empty one; its URL for SQLAlchemy."""
        where = ("--host", str(self._folder), "--username", _ACCOUNT)
        self._run("createdb", *where, "--template", template, name)
        return f"postgresql+psycopg://{_ACCOUNT}@/{name}?host={self._folder}"

    def initialise(self) -> None:
        """Make the cluster's files."""
        data = str(self._folder / "data")
        options = ["--username", _ACCOUNT, "--auth", "trust", "--encoding", "UTF8"]
        self._run("initdb", "--pgdata", data, "--locale", "C.UTF-8", "--no-sync", *options)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server while the block runs. It dies with this process, however that ends."""
        command = [
            *self._as_account,
            *("setpriv", "--pdeathsig", "QUIT", "--"),
            *(str(self._programs / "postgres"), "-D", str(self._folder / "data")),
            *("-c", "listen_addresses=", "-c", f"unix_socket_directories={self._folder}"),
        ]
        with (self._folder / "server.log").open("wb") as log:
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._await_answer(server)
            yield
        finally:
            # Its «immediate» shutdown: nothing is written that is about to be deleted.
            server.send_signal(signal.SIGQUIT)
            server.wait(_STARTS_SECONDS)

    def _await_answer(self, server: subprocess.Popen[bytes]) -> None:
        ready = [str(self._programs / "pg_isready"), "--quiet", "--host", str(self._folder)]
        deadline = time.monotonic() + _STARTS_SECONDS
        while subprocess.run(ready, check=False).returncode != 0:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "server.log").read_text(errors="replace"))
            time.sleep(0.05)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_account, str(self._programs / program), *arguments]
        subprocess.run(command, cwd=self._folder, check=True, capture_output=True)


@contextmanager
def temporary_cluster() -> Iterator[PostgresCluster]:
    """A running cluster that is gone afterwards. Raises `PostgresMissing`."""
    programs = _find_programs()
    folder = Path(tempfile.mkdtemp(prefix="bridge-postgres-"))
    try:
        cluster = PostgresCluster(programs, folder, _become_owner(folder))
        cluster.initialise()
        with cluster.running():
            yield cluster
    finally:
        shutil.rmtree(folder)


def _find_programs() -> Path:
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    raise PostgresMissing("PostgreSQL is not installed: run scripts/test, which installs it")


def _become_owner(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then it is Debian's account that owns the folder."""
    if os.getuid() != 0:
        return []
    shutil.chown(folder, _ACCOUNT, _ACCOUNT)
    return ["setpriv", "--reuid", _ACCOUNT, "--regid", _ACCOUNT, "--clear-groups", "--"]
