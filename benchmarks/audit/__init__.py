"""How well the audit agrees with texts that people labelled."""
