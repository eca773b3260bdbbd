"""Layer 5: the machine. ``machine`` holds a run, ``loop`` executes instructions, ``pump`` does the rest."""
