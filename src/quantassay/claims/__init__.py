"""A statement of loss that stands on its own, and what it leaves unsaid."""
