"""Who may do what: roles, the table of allowed actions, and the actor. No tables, no exceptions to the table."""

from evidence_app.domain.access.actor import Actor, worker_for
from evidence_app.domain.access.roles import ALLOWED, Action, Role, can, require

__all__ = ["ALLOWED", "Action", "Actor", "Role", "can", "require", "worker_for"]
