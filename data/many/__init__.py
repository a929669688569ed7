"""Many files or versions at once: batches that a person publishes, and bulk scoring in many processes."""
