"""Who is let in and for what: names, pages, uploads, messages, headers, accounts; plain pages outside the script."""
