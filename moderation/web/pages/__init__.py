"""Pages for readers: the embed script, the thread page without JavaScript, mail links, feeds."""
