"""A real Redmine of one's own: copies the prepared database, starts and stops the server.

`scripts/redmine prepare` must have run. Nothing of a Redmine installed on the machine is used.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import requests

_PROJECT = Path(__file__).resolve().parent.parent
_SCRIPT = _PROJECT / "scripts" / "redmine"
_TEMPLATE = _PROJECT / ".cache" / "redmine" / "template" / "redmine.db"
_HOST = "127.0.0.1"
_THREADS = 5
_REQUEST_TIMEOUT = 30.0
_SETUP_TIMEOUT = 120.0
_PREPARE_TIMEOUT = 1800.0
_POLL_SECONDS = 0.05


class RedmineError(Exception):
    """Redmine did not start, or refused. The text says why and what to do."""


@dataclass(frozen=True)
class RedmineAccess:
    """Where an instance answers, and the secrets that open it."""

    url: str
    admin_key: str = field(repr=False)
    robot_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)


def prepare() -> None:
    """Install and unpack Redmine if that was not done yet; quick when it was.

    Raises `RedmineError` with what is missing on this machine.
    """
    done = subprocess.run([_SCRIPT, "prepare"], check=False, timeout=_PREPARE_TIMEOUT)
    if done.returncode != 0:
        raise RedmineError(f"scripts/redmine prepare ended with {done.returncode}, see above")


class RedmineInstance:
    """A real Redmine of its own: its database, files and logs in a folder, and a port."""

    def __init__(self, folder: Path, port: int) -> None:
        """`folder` is kept between starts; it need not exist."""
        self.folder = folder.resolve()
        self._port = port
        self._server = _ServerProcess(self.folder)

    @property
    def url(self) -> str:
        """Where the instance answers when it runs."""
        return f"http://{_HOST}:{self._port}"

    def create(self) -> RedmineAccess:
        """Make the folder's database, with keys of its own, unless it is there already.

        Raises `RedmineError` when Redmine is not prepared.
        """
        record = self.folder / "access.json"
        if record.exists():
            access = RedmineAccess(**json.loads(record.read_text()) | {"url": self.url})
        else:
            access = RedmineAccess(self.url, *(secrets.token_hex(20) for _ in range(3)))
            self._copy_template(access)
        _write_access(record, access)
        return access

    def start(self, webhook_url: str, timeout: float = 60.0) -> RedmineAccess:
        """Start the server and return when it answers, at the latest after `timeout` seconds.

        Changes are announced to `webhook_url`. A server of this folder that an earlier session
        left behind is stopped first. Raises `RedmineError` when the port is taken by somebody
        else, or when Redmine does not come up (with the end of its log).
        """
        self._server.stop_leftover()
        self._claim_port()
        access = self.create()
        self._server.launch(self._command(), self._environment(webhook_url, access))
        try:
            self._await_answer(access, time.monotonic() + timeout)
        except BaseException:
            self.kill()
            raise
        return access

    def stop(self) -> None:
        """Let running requests end, then stop; kill what does not stop in 10 seconds."""
        self._server.end(signal.SIGTERM, patience=10.0)

    def kill(self) -> None:
        """Stop at once, as a crash would."""
        self._server.end(signal.SIGKILL, patience=10.0)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """While the block runs connections are taken and nothing is answered."""
        self._server.send(signal.SIGSTOP)
        try:
            yield
        finally:
            self._server.send(signal.SIGCONT)

    def run_setup(self, config: Path = _PROJECT / "config") -> list[str]:
        """Run the plugin's set-up with another `config` folder; returns a line for each change.

        The server may be running. Raises `RedmineError` with what the set-up complains about.
        """
        keys = self.folder / "keys.json"
        task = ["bundle", "exec", "rake", "bridge:setup", f"CONFIG={config}", f"OUTPUT={keys}"]
        done = subprocess.run(
            [_SCRIPT, "in", self.folder, *task],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SETUP_TIMEOUT,
        )
        keys.unlink(missing_ok=True)
        if done.returncode != 0:
            raise RedmineError(done.stderr.strip())
        *changes, _summary = done.stdout.splitlines()
        return changes

    def _claim_port(self) -> None:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, self._port))
            except OSError as error:
                raise RedmineError(
                    f"Redmine cannot have port {self._port} of {_HOST}: {error.strerror}. "
                    "Stop what uses it, or choose another port"
                ) from error

    def _copy_template(self, access: RedmineAccess) -> None:
        if not _TEMPLATE.exists():
            raise RedmineError("Redmine is not prepared: run 'scripts/redmine prepare' first")
        self.folder.mkdir(parents=True, exist_ok=True)
        for leftover in self.folder.glob("redmine.db*"):
            leftover.unlink()
        database = self.folder / "redmine.db"
        shutil.copyfile(_TEMPLATE, database)
        database.chmod(0o600)
        with closing(sqlite3.connect(database)) as connection, connection:
            _put_keys(connection, access)
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")

    def _command(self) -> list[str]:
        server = f"puma --environment production --bind tcp://{_HOST}:{self._port} --workers 0"
        threads = f"--threads {_THREADS}:{_THREADS} config.ru"
        return [str(_SCRIPT), "in", str(self.folder), *server.split(), *threads.split()]

    def _environment(self, webhook_url: str, access: RedmineAccess) -> dict[str, str]:
        return os.environ | {
            "BRIDGE_WEBHOOK_URL": webhook_url,
            "BRIDGE_WEBHOOK_SECRET": access.webhook_secret,
        }

    def _await_answer(self, access: RedmineAccess, deadline: float) -> None:
        while not _answers(access):
            if not self._server.runs():
                raise RedmineError(f"Redmine ended while starting:\n{self._server.last_words()}")
            if time.monotonic() > deadline:
                raise RedmineError(f"Redmine does not answer:\n{self._server.last_words()}")
            time.sleep(_POLL_SECONDS)


class _ServerProcess:
    """The server's process group, known across sessions by a file with its pid."""

    def __init__(self, folder: Path) -> None:
        self._pid_file = folder / "server.pid"
        self._log = folder / "server.log"
        self._child: subprocess.Popen[bytes] | None = None

    def launch(self, command: list[str], environment: dict[str, str]) -> None:
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        pid = self._child.pid
        self._pid_file.write_text(f"{pid} {_birth_of(pid)}")

    def runs(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def last_words(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:])

    def send(self, how: signal.Signals) -> None:
        """Send `how` to the whole group, if it runs."""
        if self._child is not None:
            _signal_group(self._child.pid, how)

    def end(self, how: signal.Signals, patience: float) -> None:
        """Send `how` to the whole group; kill the group if it lives `patience` seconds longer."""
        if self._child is None:
            return
        _signal_group(self._child.pid, how)
        try:
            self._child.wait(patience)
        except subprocess.TimeoutExpired:
            _signal_group(self._child.pid, signal.SIGKILL)
            self._child.wait()
        self._child = None
        self._pid_file.unlink(missing_ok=True)

    def stop_leftover(self) -> None:
        """Kill the server that an earlier session left running on this folder, if there is one."""
        self.end(signal.SIGTERM, patience=10.0)
        pid, birth = self._recorded()
        if pid and _birth_of(pid) == birth:
            _signal_group(pid, signal.SIGKILL)
            while _birth_of(pid) == birth:
                time.sleep(_POLL_SECONDS)
        self._pid_file.unlink(missing_ok=True)

    def _recorded(self) -> tuple[int, str]:
        try:
            pid, birth = self._pid_file.read_text().split()
            return int(pid), birth
        except (FileNotFoundError, ValueError):
            return 0, ""


def _birth_of(pid: int) -> str:
    """When a living process began, in the kernel's ticks; empty when there is none.

    A pid alone may by now belong to somebody else's process. One that has ended and that nobody
    has asked about (a zombie) lives as long as it has other threads: they hold the port.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        threads = len(list(Path(f"/proc/{pid}/task").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in "ZX" and threads <= 1 else fields[18]


def _signal_group(pid: int, how: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, how)


def _answers(access: RedmineAccess) -> bool:
    try:
        return requests.get(
            f"{access.url}/bridge/layout.json",
            headers={"X-Redmine-API-Key": access.robot_key},
            timeout=_REQUEST_TIMEOUT,
        ).ok
    except requests.RequestException:
        return False


def _put_keys(connection: sqlite3.Connection, access: RedmineAccess) -> None:
    """Give the robot and the first administrator this instance's own keys.

    The template holds one key, the robot's: the set-up made it.
    """
    connection.execute("UPDATE tokens SET value = ? WHERE action = 'api'", [access.robot_key])
    connection.execute(
        "INSERT INTO tokens (user_id, action, value, created_on, updated_on)"
        " SELECT min(id), 'api', ?, current_timestamp, current_timestamp FROM users WHERE admin",
        [access.admin_key],
    )


def _write_access(path: Path, access: RedmineAccess) -> None:
    """Write `access`, whole or not at all, to a file that only its owner may read."""
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(access)))
    draft.replace(path)
