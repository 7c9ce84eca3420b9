"""The worker: claims jobs, does them without a transaction, and finishes them together with their results."""

from evidence_app.worker.handlers import HANDLERS
from evidence_app.worker.loop import Worker, WorkerBusy, run_until_done

__all__ = ["HANDLERS", "Worker", "WorkerBusy", "run_until_done"]
