"""A claim beside a deployment, axis by axis, and what its losses come to there."""
