"""Papers that leave the building: each a function from the scored table to bytes, the same bytes for the same input."""
