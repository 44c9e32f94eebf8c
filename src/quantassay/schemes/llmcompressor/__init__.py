"""LLM Compressor's quantizers."""
