"""What else happens on the machine while variants are timed."""
