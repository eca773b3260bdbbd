"""Layer 0: source texts, places in them, diagnostics and how they are shown."""
