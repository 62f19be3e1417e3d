"""What `pip install leave-a-reply` brings: the command, with all else in the folder `app`.

`app` is no package: its top-level names, such as `config`, would be in the way of other programs'.
"""

__version__ = "0.9.0"
