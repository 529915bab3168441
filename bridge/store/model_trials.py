"""Trainings of the office's own model, and what they came to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.models import ModelTrialRow


def add(session: Session, trial: ModelTrialRow) -> None:
    """Keep what a training came to."""
    session.add(trial)


def has_tried(session: Session, version: str) -> bool:
    """Whether this training was done and measured before: its outcome would be the same."""
    return (
        session.scalars(
            select(ModelTrialRow.id).where(ModelTrialRow.version == version).limit(1)
        ).one_or_none()
        is not None
    )
