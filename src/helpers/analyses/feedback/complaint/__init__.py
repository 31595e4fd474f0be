"""What is complained of: the `pareto` of categories, the `consequences`, and the `pairs` that tell them."""
