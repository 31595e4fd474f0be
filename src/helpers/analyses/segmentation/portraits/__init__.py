"""Who the segments are: `cards`, what each `likes`, `traits`, and how revenue gathers (`lorenz`)."""
