"""A tour of every operation of the API, whose requests and responses are its examples."""
