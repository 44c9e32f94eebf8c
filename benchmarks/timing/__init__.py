"""Whether throughput is measured as well as the product says."""
