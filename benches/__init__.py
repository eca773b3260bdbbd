"""Programs with hand-written Python twins, and what times them."""
