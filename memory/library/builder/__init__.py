"""Builds the library's data file from pinned npm packages; run through scripts/build_library.py, never at run time.

convert.py   text of an icon -> canonical Icon on a 24 px canvas, or the reason why not
assemble.py  everything into the sections of the data file
notice.py    NOTICE and LICENSES

What it shares with the training corpus (the packages, which icons enter, what each is called) is in svggen/training.
"""
