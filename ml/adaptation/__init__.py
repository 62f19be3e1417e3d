"""A site's own correction of the classifier: fitted to its moderators' labels, and measured."""
