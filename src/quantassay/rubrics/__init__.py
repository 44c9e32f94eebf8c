"""What is declared before measuring: a YAML file to a checked rubric."""
