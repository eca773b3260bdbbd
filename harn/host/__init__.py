"""Layer 6: time, randomness, files, processes and streams, as objects that are handed to a run."""
