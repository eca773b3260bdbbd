"""Layer 4: nodes to chunks, one file per construct."""
