"""ONNX models in ONNX Runtime."""
