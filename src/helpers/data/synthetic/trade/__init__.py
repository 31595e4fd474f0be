"""What the demo sells: `goods`, the `baskets` in which they are bought, and `purchases`."""
