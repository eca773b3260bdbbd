"""Layer 3: which declaration each name means, what functions capture, what modules export."""
