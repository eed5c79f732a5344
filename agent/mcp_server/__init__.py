"""Mnemicon as an MCP server: tools and resources for other agents.

desk.py      what each tool does, as plain functions of one user; knows no protocol
answers.py   what a tool answers: words, data of a stated shape, a picture, and never too much of it
telling.py   drawings, hits and sheets as such answers
work.py      the threads that calls are worked on in, and calls that are given up
access.py    which token is which user, and where a server may listen
clients.py   ready-made configuration for the common clients
running.py   a web app on a socket
server.py    the protocol: the one file that imports fastmcp and the SDK
"""

from __future__ import annotations
