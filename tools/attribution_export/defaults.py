"""What the command and the library share, and what ``--help`` needs without PyTorch."""

DEFAULT_TOLERANCE = 1e-4
DEFAULT_REFERENCE_ROWS = 1000
METHODS = ("jacobian", "affine", "integrated_gradients", "expected_gradients")
