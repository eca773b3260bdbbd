"""``@invariant``: what a function, tool or pipeline promises, held against every path through it.

spec       the attributes, read
graph      the control flow of a function, as nodes and edges
building   from the tree to the graph
functions  which functions a program has, and what a name means in one
explore    all paths through a function and what it calls
promises   the three promises that can be made
analysis   a file in, diagnostics out
"""
