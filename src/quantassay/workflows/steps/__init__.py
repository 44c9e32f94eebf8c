"""What workflows have in common: the steps that their stories are told in."""
