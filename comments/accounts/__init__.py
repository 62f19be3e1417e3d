"""Who calls: API keys of sites, single sign-on of readers, and what sign-in of staff keeps."""
