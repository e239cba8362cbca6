"""The demo story: a dozen candidates in every state, told day by day through the product's own services."""
