"""One module per rule: ``CODE`` of its row, ``find(source)`` for what it finds; its name is that of the module, with dashes."""
