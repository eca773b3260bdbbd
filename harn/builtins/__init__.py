"""Layer 7: the builtins, one file per area. Every decorated function of these modules is found by the index."""
