"""Model files, one format a file or folder: which bytes they are, and what they hold."""

from .contract import Format

__all__ = ["Format"]
