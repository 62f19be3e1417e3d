"""Door: public reading and posting."""
