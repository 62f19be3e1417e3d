"""Parse files of strangers in a process of its own, which can be killed.

`reader` starts the process and reads what it writes; `__main__` is the process, `limits` what it
may use, `messages` the lines that it writes.
"""
