"""Page-shaped reads of référentiels."""
