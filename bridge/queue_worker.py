"""RQ's worker in one process, whose lines say which job they are of."""

from typing import Any

import structlog
from rq import SimpleWorker
from rq.job import Job

log = structlog.get_logger()


class QueueWorker(SimpleWorker):
    """Does jobs one after the other."""

    def perform_job(self, job: Job, *arguments: Any) -> bool:
        """Do one; every line of it bears its id."""
        with structlog.contextvars.bound_contextvars(job=job.id):
            return bool(super().perform_job(job, *arguments))

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log a failure as a line of ours: RQ's holds the exception's text, and that may hold what
        the job was about."""
        log.error("job failed", job=job.id, function=job.func_name, exc_info=exc_info[1])
