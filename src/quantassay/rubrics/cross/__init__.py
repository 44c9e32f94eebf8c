"""The file of a study: tasks, models and schemes that are crossed, one rubric a cell."""
