"""Steps of `foretell`: find the runs, and read what was seen and measured in each."""
