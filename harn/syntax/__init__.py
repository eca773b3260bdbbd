"""Layer 1: from text to tree and back.

The way of a text: ``mask`` blanks comments and string bodies, Lark's lexer (``tables``) makes tokens, ``feeder`` decides about
line ends and braces and feeds the ``automaton``, which calls the builder in ``tree/`` for each rule. ``parser`` is the door;
``wording`` says what was wrong. ``printer/`` goes the other way.
"""
