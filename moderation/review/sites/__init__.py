"""What an owner does with a site: make it, connect it, set its origins and secrets."""
