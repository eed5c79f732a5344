"""State a style once, draw twice, accept, and see what shaped the last icon.

python examples/remember_and_draw.py
"""

from __future__ import annotations

from mnemicon import accept_icon, design_icon, explain


def main(user: str = "ana") -> None:
    design_icon("always use 1.5px strokes, round caps, teal, never filled", user=user)
    plane = design_icon("paper plane", user=user)
    print("paper plane:", plane.style, [memory["text"] for memory in plane.memories])
    accept_icon(plane.id, user=user)
    design_icon("shopping cart", user=user)
    print(explain(user=user)["text"])


if __name__ == "__main__":
    main()
