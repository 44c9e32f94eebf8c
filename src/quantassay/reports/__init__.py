"""A result as a document: what it says, and its rendering on paper, screen and terminal."""
