"""The commands, one a file: `python manage.py help` lists them."""
