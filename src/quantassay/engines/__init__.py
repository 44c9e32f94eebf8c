"""What runs a model: one engine, one file, each behind the same two protocols."""

from .contract import Engine, Session

__all__ = ["Engine", "Session"]
