"""A program of somebody else's: the icons of a toolbar, drawn in the style of its shop."""

from __future__ import annotations

from mnemicon import accept_icon, design_icon

STYLE = "always use 1.5px strokes, round caps, teal"


def toolbar(user: str = "shop") -> dict[str, str]:
    """SVG by name; the first one is accepted, so that the next ones are drawn after it."""
    design_icon(STYLE, user=user)
    cart = design_icon("shopping cart", user=user)
    accept_icon(cart.id, user=user)
    bell = design_icon("bell", user=user)
    return {"cart": cart.svg, "bell": bell.svg}
