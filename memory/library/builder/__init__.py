"""Builds the library's data file from pinned npm packages; run through scripts/build_library.py, never at run time.

sources.py   the packages: fetch, cache, read icons and tags
choose.py    which icons enter: brands, flags, variants, shares; the concept of each
convert.py   text of an icon -> canonical Icon on a 24 px canvas, or the reason why not
describe.py  tags of each drawing: own, other names, borrowed
assemble.py  everything into the sections of the data file
notice.py    NOTICE and LICENSES
"""
