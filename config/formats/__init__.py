"""How dates are written, where we would rather have them otherwise than Django has."""
