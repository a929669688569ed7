"""Papers that leave the building, and the words they share with the screen."""
