"""Protocol server: arrivals, the queue, and the highest rate that keeps a bound."""
