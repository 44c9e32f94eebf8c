"""ONNX Runtime's quantizers."""
