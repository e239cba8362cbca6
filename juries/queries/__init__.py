"""Page-shaped reads, each at a constant number of queries."""
