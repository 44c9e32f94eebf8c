"""torchao's quantizers."""
