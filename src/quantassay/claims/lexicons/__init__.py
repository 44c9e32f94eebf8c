"""The names of the field as data files, and how they are found in a text."""
