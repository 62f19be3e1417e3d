"""Django's backend for PostgreSQL: it asks less, and knows of poolers."""
