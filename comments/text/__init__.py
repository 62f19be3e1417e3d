"""How comment text is rendered, sanitised, highlighted, and which language it is in."""
