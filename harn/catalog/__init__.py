"""Layer 2: what exists beside the program text: effects, signatures, the records of builtins and their index."""
