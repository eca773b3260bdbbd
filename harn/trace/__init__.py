"""Layer 7: what a run did, for those who look at it.

spans    the tree of steps and model calls, with times
tree     that tree as text
profile  where the time went
receipt  what the steps of a run used
"""
