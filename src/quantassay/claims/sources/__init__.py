"""What was read: a text of any kind as a document whose every word keeps its place."""
