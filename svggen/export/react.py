"""React components: one ``.tsx`` file for each icon, an ``index.ts`` of named exports, and their types.

Contract. ``BellIcon`` forwards its ref to the ``<svg>`` and takes every attribute of one, and ``size`` (24), ``color``
(that of the text around), ``strokeWidth`` (the icon's own) and ``title``. Without a title or a label the icon is hidden
from screen readers. A module has no side effect (the one call in it is marked pure), so that bundlers drop the icons
that nobody imports. Works with React 16.3 and newer, TypeScript strict.
"""

from __future__ import annotations

import re

from svggen.export.components import Component, component, exported, factor, js
from svggen.export.items import Entry, Made, Options
from svggen.export.nodes import Node
from svggen.icon.serialise import number

__all__ = ["make"]

TYPES = """\
import type { SVGProps } from "react";

export interface IconProps extends Omit<SVGProps<SVGSVGElement>, "ref" | "children"> {
  /** Width and height: px as a number, or any CSS length. */
  size?: number | string;
  /** What stands for currentColor; without it the colour of the text around. */
  color?: string;
  /** Width of the lines in units of the icon's canvas. */
  strokeWidth?: number | string;
  /** What screen readers say; without it the icon is hidden from them. */
  title?: string;
}
"""
_COMPONENT = """\
// {name} ({id}), made by mnemicon
import {{ forwardRef }} from "react";
import type {{ IconProps }} from "./types";

export const {component} = /* @__PURE__ */ forwardRef<SVGSVGElement, IconProps>(function {component}(
  {{ size = {size}, color, {width}title, ...rest }},
  ref,
) {{
  const named = title || rest["aria-label"] || rest["aria-labelledby"];
  return (
    <svg
      ref={{ref}}
      xmlns="http://www.w3.org/2000/svg"
      width={{size}}
      height={{size}}
      viewBox="{box}"
      color={{color}}
{root}      role={{named ? "img" : undefined}}
      aria-hidden={{named ? undefined : true}}
      {{...rest}}
    >
      {{title ? <title>{{title}}</title> : null}}
{body}    </svg>
  );
}});
"""


def make(entries: list[Entry], options: Options) -> Made:
    """``BellIcon.tsx`` for each icon, ``index.ts``, ``types.ts``."""
    files = {"types.ts": TYPES.encode()}
    of: dict[str, tuple[str, ...]] = {}
    index = ['export type { IconProps } from "./types";']
    for entry in entries:
        name = f"{entry.component}.tsx"
        files[name] = _text(component(entry)).encode()
        of[entry.name] = (name,)
        index += [f'export {{ {each} }} from "./{entry.component}";' for each in exported(entry, "{0}", "{0} as {1}")]
    files["index.ts"] = ("\n".join(index) + "\n").encode()
    return Made(files, of)


def _text(made: Component) -> str:
    """The module of one icon."""
    lined = made.width is not None
    root = {camel(k): v for k, v in made.root.items()}
    lines = [f'      {k}="{v}"\n' for k, v in root.items()]
    if lined:
        lines.append("      strokeWidth={strokeWidth}\n")
    return _COMPONENT.format(
        name=made.entry.name,
        id=made.entry.item.id[:12],
        component=made.entry.component,
        size=number(max(made.drawn.viewbox[2:])),
        width=f"strokeWidth = {js(made.width)}, " if made.width is not None else "",
        box=made.drawn.box,
        root="".join(lines),
        body="".join(_element(node, 6) for node in made.drawn.nodes),
    )


def camel(name: str) -> str:
    """``stroke-linecap`` as JSX has it: strokeLinecap."""
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name)


def _element(node: Node, indent: int) -> str:
    space = " " * indent
    head = f"{space}<{node.tag}"
    for name, value in node.attributes.items():
        times = factor(value)
        text = f'"{value}"' if times is None else f"{{{js(float(times))} * Number(strokeWidth)}}"
        head += f" {camel(name)}={text}"
    if not node.children:
        return f"{head} />\n"
    return f"{head}>\n{''.join(_element(child, indent + 2) for child in node.children)}{space}</{node.tag}>\n"
