"""Bytes in and out: what a file is, and its cells, read in a child process or spliced in; nothing here knows the form."""
