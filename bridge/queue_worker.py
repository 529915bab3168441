"""RQ's worker in one process: it ends after the job under way, and its lines name their job."""

import signal
from contextlib import suppress
from types import FrameType
from typing import Any

import structlog
from rq import SimpleWorker
from rq.exceptions import StopRequested
from rq.job import Job

from bridge.jobs import ending
from bridge.reloading import heed_reload, start_anew

log = structlog.get_logger()


class QueueWorker(SimpleWorker):
    """Ends when asked by a signal. A stop that is asked for after a reload outdoes it."""

    starts_anew = False

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; after SIGHUP start anew, if the files can be read."""
        heed_reload(self._ask_to_start_anew)
        with suppress(StopRequested):
            self.work(with_scheduler=True, logging_level="WARNING")
        if self.starts_anew:
            start_anew()

    def perform_job(self, job: Job, *arguments: Any) -> bool:
        """Do one; every line of it bears its id."""
        with structlog.contextvars.bound_contextvars(job=job.id):
            return bool(super().perform_job(job, *arguments))

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log a failure as a line of ours: RQ's holds the exception's text, and that may hold what
        the job was about."""
        log.error("job failed", job=job.id, function=job.func_name, exc_info=exc_info[1])

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after the job under way; without one, at once."""
        ending.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def request_force_stop(self, signum: int, frame: FrameType | None) -> None:
        """The job is cut off only where a stop is asked for twice: it would take a lease's time."""
        if self.starts_anew:
            self.starts_anew = False
        else:
            super().request_force_stop(signum, frame)

    def _ask_to_start_anew(self) -> None:
        if not ending.is_set():
            self.starts_anew = True
            self.request_stop(signal.SIGHUP, None)
