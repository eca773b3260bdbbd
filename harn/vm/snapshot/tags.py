"""The words of the format: what a reference can be, and what a part can be."""

from __future__ import annotations

# References: one of these bytes, then what is given here.
(
    NIL, FALSE, TRUE,
    INT,        # a signed number
    FLOAT,      # eight bytes
    TEXT,       # a number in the table of texts
    BYTES,      # the bytes with their length
    DECIMAL,    # a text
    PART,       # a number among the parts: those built before
    RECORD,     # a number among the records, which are all there before the first part
    FUNCTION,   # a number in the table of functions
    MODULE,     # a number in the table of modules
    CONSTANT,   # a text: module:NAME
    BUILTIN,    # a text: the key of a builtin, as a value
    RULE,       # a text: the key of a builtin, its record
    GIVEN,      # a text: the name of a value that the embedding program gives to the run
    GIVEN_RULE, # the same, the record behind it
    MACHINE,
    ITSELF,     # as the key of an entry: the identity of its value
) = range(19)  # fmt: skip

# Functions: how the run depends on them.
IDLE, LIVE, BEGUN = range(3)

# Parts: one of these bytes, a count and as many references; the last two name a class before.
LIST, TUPLE, DICT, SET, FROZENSET, VALUE, NAMED = range(7)
