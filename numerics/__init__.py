"""The numeric layer: samples regression in high dimension and holds the measurements against what theory says."""
