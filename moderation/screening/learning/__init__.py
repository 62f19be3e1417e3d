"""Learn from a site's labels: fit a layer, measure it, promote it or not, and score with it."""
