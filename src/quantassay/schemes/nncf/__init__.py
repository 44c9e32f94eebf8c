"""NNCF's quantizers."""
