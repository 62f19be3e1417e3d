"""What is said of files that come in, and its translation where it is shown.

Files are read in a process that knows nothing of languages, and what it says is stored in English.
`tests/moderation/intake/transfers/test_sentences.py` holds these against what it says.
"""

from django.utils.translation import gettext, gettext_noop

from comments.text.stored_sentences import translated

# Why comments are left out.
REASONS = (
    gettext_noop("already here"),
    gettext_noop("twice in the file"),
    gettext_noop("other reasons"),
    gettext_noop("its thread is deleted"),
    gettext_noop("its page belongs to one that is not public"),
    gettext_noop("on a pull request"),
    gettext_noop("on what names no page"),
    gettext_noop("its page is not public (%(state)s)"),
    gettext_noop("its page has a password"),
    gettext_noop("under what is no page (%(kind)s)"),
)
# Why a file comes in not at all.
REFUSALS = (
    gettext_noop("The file is empty."),
    gettext_noop("This is no file of any known format: %(formats)s."),
    gettext_noop("There is no file %(path)s."),
    gettext_noop("The file makes its reader crash: it can't be imported."),
    gettext_noop("The reader of the file gave an answer that makes no sense."),
    gettext_noop("The process that reads the file was killed."),
    gettext_noop("The file takes more computing time than an import may use."),
    gettext_noop("The file takes more time to be read than an import may use."),
    gettext_noop("The file holds more than an import may bring: split it."),
    gettext_noop("A file may have %(number)s rows at most: split it."),
    gettext_noop("The file has a value of more than %(number)s bytes."),
    gettext_noop("The file nests deeper than %(number)s levels."),
    gettext_noop(
        "The archive holds %(number)s files (%(names)s): unpack it, and bring in one after the "
        "other."
    ),
    gettext_noop("The archive can't be unpacked: %(error)s"),
    gettext_noop("The file can't be unpacked: %(error)s"),
    gettext_noop("The file unpacks to far more than its size: it is refused."),
    gettext_noop(
        "This is no text that can be imported: line %(line)s has bytes that are neither UTF-8 nor "
        "Windows-1252. Save it as UTF-8."
    ),
    gettext_noop(
        "This is no XML that can be imported: line %(line)s says that it is in “%(name)s”, which "
        "is not read. Save it as UTF-8."
    ),
    gettext_noop("This is no XML that can be imported: %(why)s"),
    gettext_noop("This is no JSON that can be imported: %(why)s"),
    gettext_noop("This is no backup of Remark42: %(why)s"),
    gettext_noop("Unpack the database: it is too large to be read as it is."),
    gettext_noop("This is no database of Isso: it has no table “%(name)s”."),
    gettext_noop("This is no database of Isso that can be read: it is damaged."),
    gettext_noop("This is no database of Isso: %(why)s"),
    gettext_noop("This is no export of ours: it is empty."),
    gettext_noop("This is no export of ours: %(why)s."),
    gettext_noop("This is no export of version %(number)s."),
    gettext_noop("The table has no column “%(name)s” in its first line."),
    gettext_noop("Say which column of the table is the %(name)s of a comment."),
    gettext_noop("The table can't be read at line %(line)s: %(why)s"),
    gettext_noop(
        "“%(pair)s” names no column: write field=Column, with one of the fields %(fields)s."
    ),
    gettext_noop("The address map has more than %(number)s lines with a *."),
    gettext_noop("Line %(line)s of the address map has no old and new address."),
    gettext_noop("Line %(line)s of the address map has a * at the end of one address only."),
    gettext_noop("Line %(line)s of the address map is one too many, or too long."),
    gettext_noop("The export has more than %(number)s bytes."),
    gettext_noop("It was tried %(number)s times, and ended its worker."),
    gettext_noop("It was tried %(number)s times. The last error: %(error)s"),
    gettext_noop("It was not done within %(number)s days."),
)
# What is wrong with a comment or a page.
PROBLEMS = (
    gettext_noop("it can't be read: %(why)s"),
    gettext_noop("it can't be stored: another one has its id"),
    gettext_noop("it can't be stored: %(error)s"),
    gettext_noop("another comment of the file has its id"),
    gettext_noop("another comment of the file has its id, too: it is stored as “%(name)s”"),
    gettext_noop("its parent %(name)s is on another page: it stands at the top"),
    gettext_noop("its parent %(name)s did not come in: it stands at the top"),
    gettext_noop("it answers itself by way of its parent %(name)s: it stands at the top"),
    gettext_noop("its parent %(name)s stands too deep: it stands at the top"),
    gettext_noop("its page (%(page)s) can't be read"),
    gettext_noop("its page is not in the file, or has no address"),
    gettext_noop("its story is not in the file, or has no address"),
    gettext_noop("its thread is not in the file, or has no address"),
    gettext_noop("its thread is not in the file"),
    gettext_noop("its issue is not in the file"),
    gettext_noop("its thread: %(why)s"),
    gettext_noop("its thread %(why)s"),
    gettext_noop("it has no text, or a state that is not known"),
    gettext_noop("it has no id, or a state that is not known"),
    gettext_noop("its state “%(state)s” is not known"),
    gettext_noop("it has no text"),
    gettext_noop("it has no time"),
    gettext_noop("it has no id"),
    gettext_noop("it has no address"),
    gettext_noop("it has no %(name)s"),
    gettext_noop("it is not there"),
    gettext_noop("its time is none"),
    gettext_noop(
        "its time “%(time)s” can't be read: write it as 2020-12-31 10:00, or in seconds since 1970"
    ),
    gettext_noop("it is too small for a time"),
    gettext_noop("its time is beyond the calendar"),
    gettext_noop("its time is in the year %(year)s"),
    gettext_noop("the address of its page is missing, or longer than %(number)s"),
    gettext_noop("its text is longer than %(number)s characters"),
    gettext_noop("its HTML is too long"),
    gettext_noop("it is longer than %(number)s bytes"),
    gettext_noop("it is no object"),
    gettext_noop("it is no JSON"),
    gettext_noop("it nests too deep"),
    gettext_noop("it is too large"),
    gettext_noop("its type is neither thread nor comment"),
    gettext_noop("that would take too long"),
    gettext_noop("a string is expected"),
    gettext_noop("a quotation mark has no end"),
    gettext_noop("no comment was found in it"),
    gettext_noop("the file is damaged here: %(why)s"),
    gettext_noop("it is not in UTF-8, and was read as %(name)s"),
    gettext_noop("the file has the first of its %(name)s alone: fetch the others, too"),
    gettext_noop(
        "the file has paths of pages alone: with --base-url, the address of their site, comments "
        "come to the pages where readers see them"
    ),
)
PLACES = (
    gettext_noop("the file"),
    gettext_noop("comment %(name)s"),
    gettext_noop("page %(name)s"),
    gettext_noop("post %(name)s"),
    gettext_noop("line %(name)s"),
    gettext_noop("thread %(name)s"),
)
SENTENCES = (*REASONS, *REFUSALS, *PROBLEMS)


def in_words(text: str) -> str:
    """Return a stored refusal, problem or reason in the language of who reads it."""
    return translated(text, SENTENCES)


def problem_in_words(line: str) -> str:
    """Return a stored line of a problem: "comment 7: it has no text", in the reader's language."""
    place, colon, what = line.partition(": ")
    if not colon:
        return in_words(line)
    words = {"place": translated(place, PLACES), "problem": in_words(what)}
    # Translators: where something is wrong, and what, such as "comment 7: it has no text".
    return gettext("%(place)s: %(problem)s") % words
