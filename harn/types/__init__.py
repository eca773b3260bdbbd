"""Static types: what the checker knows of a program before it runs."""
