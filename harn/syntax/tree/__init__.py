"""The tree builder: one method for each named alternative of the grammar, split by construct."""
