"""Vue components: one single-file component for each icon (script setup, TypeScript) and an ``index.ts``.

Contract. The properties are those of the React components: ``size``, ``color``, ``stroke-width``, ``title``; all other
attributes fall through to the ``<svg>``. Without a title or a label the icon is hidden from screen readers. Works with
Vue 3.3 and newer. The component's name is the file's: ``defineOptions`` would say it again, and keeps esbuild from
dropping the icons that nobody imports.
"""

from __future__ import annotations

from svggen.export.components import Component, component, exported, factor, js
from svggen.export.items import Entry, Made, Options
from svggen.export.nodes import Node
from svggen.icon.serialise import number

__all__ = ["make"]

_COMPONENT = """\
<script setup lang="ts">
// {name} ({id}), made by mnemicon
withDefaults(
  defineProps<{{
    /** Width and height: px as a number, or any CSS length. */
    size?: number | string;
    /** What stands for currentColor; without it the colour of the text around. */
    color?: string;
    /** Width of the lines in units of the icon's canvas. */
    strokeWidth?: number | string;
    /** What screen readers say; without it the icon is hidden from them. */
    title?: string;
  }}>(),
  {{ size: {size}{width} }},
);
</script>

<template>
  <svg
    xmlns="http://www.w3.org/2000/svg"
    :width="size"
    :height="size"
    viewBox="{box}"
    :color="color"
{root}    :role="title || $attrs['aria-label'] || $attrs['aria-labelledby'] ? 'img' : undefined"
    :aria-hidden="title || $attrs['aria-label'] || $attrs['aria-labelledby'] ? undefined : 'true'"
  >
    <title v-if="title">{{{{ title }}}}</title>
{body}  </svg>
</template>
"""


def make(entries: list[Entry], options: Options) -> Made:
    """``BellIcon.vue`` for each icon, and ``index.ts``."""
    files: dict[str, bytes] = {}
    of: dict[str, tuple[str, ...]] = {}
    index: list[str] = []
    for entry in entries:
        name = f"{entry.component}.vue"
        files[name] = _text(component(entry)).encode()
        of[entry.name] = (name,)
        index += [f'export {{ {e} }} from "./{name}";' for e in exported(entry, "default as {0}", "default as {1}")]
    files["index.ts"] = ("\n".join(index) + "\n").encode()
    return Made(files, of)


def _text(made: Component) -> str:
    """The single-file component of one icon."""
    lines = [f'    {k}="{v}"\n' for k, v in made.root.items()]
    if made.width is not None:
        lines.append('    :stroke-width="strokeWidth"\n')
    return _COMPONENT.format(
        name=made.entry.name,
        id=made.entry.item.id[:12],
        size=number(max(made.drawn.viewbox[2:])),
        width=f", strokeWidth: {js(made.width)}" if made.width is not None else "",
        box=made.drawn.box,
        root="".join(lines),
        body="".join(_element(node, 4) for node in made.drawn.nodes),
    )


def _element(node: Node, indent: int) -> str:
    space = " " * indent
    head = f"{space}<{node.tag}"
    for name, value in node.attributes.items():
        times = factor(value)
        head += f' {name}="{value}"' if times is None else f' :{name}="{js(float(times))} * Number(strokeWidth)"'
    if not node.children:
        return f"{head} />\n"
    return f"{head}>\n{''.join(_element(child, indent + 2) for child in node.children)}{space}</{node.tag}>\n"
