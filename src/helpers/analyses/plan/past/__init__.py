"""What became of earlier plans: what was carried out, what it changed and earned, and what to do with each action."""
