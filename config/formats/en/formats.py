"""Dates in English: the day first and the month in letters, as nobody misreads it."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i"
