"""What is kept: databases, what is written into them, who may write, and how it is verified and copied."""
