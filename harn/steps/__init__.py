"""Layer 4: the step and persona runtime, pure: no machine, no I/O, nothing kept outside the objects it is given.

    definitions   what ``@step`` and ``@persona`` say, read from plain dicts
    meters        what a budget has left: recorded use, reservations, exact dollars
    entries       a step or persona in progress, and how it is found on the frame list
    budgets       the errors of a used-up budget, and what a boundary does with them
    hooks         patterns, payloads and what a handler's answer means
    policies      capability policies that can only narrow
    log           the completed log and its JSON form
    runtime       the operations, one object per run

Entries live on frames. "The active step" and every depth are read off the frame list; nothing here remembers them.
"""
