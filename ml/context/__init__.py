"""A second reader: a small sentence encoder for comments about which words alone leave doubt.

`reading` says what it reads, `train` (which needs PyTorch) makes it, `encoder` runs it, `head` puts
its judgement beside that of the words, and `second_reader` asks it where there is doubt.
"""
