"""What is wrong with an installation, in words: for `manage.py doctor` and the desk."""
