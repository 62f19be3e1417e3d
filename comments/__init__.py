"""What people wrote, and where: sites, threads, comments, authors, accounts."""
