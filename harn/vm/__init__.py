"""Layer 5: the machine. ``machine`` holds a run, ``loop`` executes instructions, ``pump`` moves between frames, natives and effects."""
