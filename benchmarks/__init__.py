"""Speed and error rates, measured; no test is timed."""
