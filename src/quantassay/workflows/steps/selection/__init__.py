"""One candidate chosen: who takes part, and what becomes of each."""
