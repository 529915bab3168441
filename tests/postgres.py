"""A PostgreSQL of one's own: a cluster in a temporary folder, reached by a socket in it.

From other hosts, which are other addresses of the loopback network, a password is asked for.
Clusters of this machine are not touched. The programs are Debian's.
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

import psycopg
from psycopg import sql

from tests.ports import find_free_port

SERVICES = "127.0.0.2"
"""The address of the host with PostgreSQL and Redis."""
_DEBIAN = Path("/usr/lib/postgresql")
_ACCOUNT = "postgres"
_STARTS_SECONDS = 30.0


class PostgresMissing(Exception):
    """PostgreSQL's programs are not on this machine. The text says how to get them."""


class PostgresCluster:
    """A running server. `as_account` is how to become the account that it runs under."""

    def __init__(self, programs: Path, folder: Path, as_account: list[str], port: int) -> None:
        self._programs = programs
        self._folder = folder
        self._as_account = as_account
        self._port = port

    def create_database(self, name: str, template: str = "template0") -> str:
        """Make a database like `template`, by default an empty one; its URL for SQLAlchemy."""
        where = ("--host", str(self._folder), "--port", str(self._port), "--username", _ACCOUNT)
        self._run("createdb", *where, "--template", template, name)
        return f"postgresql+psycopg://{_ACCOUNT}@/{name}?host={self._folder}&port={self._port}"

    def open_to_hosts(self, database: str, account: str, password: str) -> str:
        """Give the database to an account with a password; its URL for other hosts."""
        owner = f"host={self._folder} port={self._port} user={_ACCOUNT} dbname={database}"
        with psycopg.connect(owner, autocommit=True) as connection:
            named = sql.Identifier(account)
            connection.execute(
                sql.SQL("create role {} login password {}").format(named, sql.Literal(password))
            )
            connection.execute(
                sql.SQL("alter database {} owner to {}").format(sql.Identifier(database), named)
            )
        return f"postgresql+psycopg://{account}:{password}@{SERVICES}:{self._port}/{database}"

    def initialise(self) -> None:
        """Make the cluster's files."""
        data = str(self._folder / "data")
        options = ["--username", _ACCOUNT, "--encoding", "UTF8"]
        options += ["--auth-local", "trust", "--auth-host", "scram-sha-256"]
        self._run("initdb", "--pgdata", data, "--locale", "C.UTF-8", "--no-sync", *options)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the server while the block runs. It dies with this process, however that ends."""
        command = [
            *self._as_account,
            *("setpriv", "--pdeathsig", "QUIT", "--"),
            *(str(self._programs / "postgres"), "-D", str(self._folder / "data")),
            *("-c", f"listen_addresses={SERVICES}", "-c", f"port={self._port}"),
            *("-c", f"unix_socket_directories={self._folder}"),
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
        ready += ["--port", str(self._port)]
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
        cluster = PostgresCluster(programs, folder, _become_owner(folder), find_free_port(SERVICES))
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
