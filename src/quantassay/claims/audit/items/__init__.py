"""The nine items of the checklist, each a file of rules."""
