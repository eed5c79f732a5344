"""The web page: a conversation, candidates that fill in, what is remembered, the set as a grid.

Contract. ``server.serve`` stands up the page of one user on one address; NiceGUI is needed (``pip install
'mnemicon[ui]'``) and imported here alone. Nothing leaves the machine: no CDN, no telemetry, every file is served from
here.

    server.py   sockets, what is put together     guard.py      who may come in, what a page may do
    routes.py   the page's own addresses          studio.py     what all pages share
    live.py     a conversation that is open       page.py, visits.py  one open page
    chat.py  stage.py  versions.py  set_view.py  remembering.py  windows.py  attaching.py   its parts
    elements.py what they are built of            glyphs.py     the page's own icons
    keeping.py  importing.py  packing.py  setlook.py  pictures.py   what they do, without NiceGUI
    static/     four components, two style sheets
"""

from __future__ import annotations

__all__: list[str] = []
