"""The classifier: plain scikit-learn, no Django. `python -m ml.train` works on a bare laptop."""
