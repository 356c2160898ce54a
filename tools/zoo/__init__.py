"""Encoders that people have, exported, explained and compared with PyTorch in float64."""
