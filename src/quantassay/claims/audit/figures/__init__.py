"""What numbers a text states, and which of them belong together."""
