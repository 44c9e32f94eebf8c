"""What each generated page says."""
