"""OpenVINO IR and ONNX models in OpenVINO."""
