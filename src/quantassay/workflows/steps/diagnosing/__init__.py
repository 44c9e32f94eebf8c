"""Steps of `diagnose`: run what is looked at, and hand its arrays to the tendencies."""
