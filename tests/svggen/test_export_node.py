"""Components and manifest, read by the tools that they are for: TypeScript, React, Vue, esbuild, Iconify.

Opt-in, because it needs Node and, the first time, the npm registry: ``MNEMICON_NODE=1 pytest -m node``. The packages
are kept in build/node.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from export_icons import hostile_items, items

from svggen.export import export
from svggen.export.names import entries
from svggen.geometry import fit_canvas
from svggen.icon import Icon, parse
from svggen.render import default_renderer

pytestmark = [pytest.mark.slow, pytest.mark.node, pytest.mark.timeout(600)]

BUILD = Path(__file__).resolve().parents[2] / "build" / "node"
CHECK = Path(__file__).parent / "node" / "check.mjs"
PACKAGES = (
    "@iconify/utils@3.1.7", "@types/react@19.3.0", "@vue/compiler-sfc@3.5.45", "@vue/server-renderer@3.5.45",
    "esbuild@0.28.2", "react@19.3.1", "react-dom@19.3.1", "typescript@6.0.3", "vue@3.5.45", "vue-tsc@3.3.14",
)  # fmt: skip
TSCONFIG = {
    "compilerOptions": {
        "strict": True, "noEmit": True, "jsx": "react-jsx", "module": "esnext", "moduleResolution": "bundler",
        "target": "es2022", "lib": ["es2022", "dom"], "noUnusedLocals": True, "noUnusedParameters": True,
        "isolatedModules": True, "verbatimModuleSyntax": True, "exactOptionalPropertyTypes": False, "types": [],
        "noUncheckedIndexedAccess": True, "skipLibCheck": True,
    },
}  # fmt: skip
REACT_USE = """\
import { createRef } from "react";
import { BellIcon, Icon24Hours, RingTheBellIcon, type IconProps } from "./react";

const ref = createRef<SVGSVGElement>();
const props: IconProps = { size: "2em", color: "red", strokeWidth: 1.5, title: "a bell" };
export const right = [
  <BellIcon key="1" ref={ref} {...props} onClick={(event) => event.currentTarget.getBBox()} className="x" />,
  <Icon24Hours key="2" size={48} aria-label="day and night" />,
  <RingTheBellIcon key="3" strokeWidth="2" />,
];
// @ts-expect-error a size is no boolean
export const wrong = <BellIcon size={true} />;
// @ts-expect-error there is no such property
export const unknown = <BellIcon colour="red" />;
"""
VUE_USE = """\
<script setup lang="ts">
import { BellIcon, Icon24Hours, RingTheBellIcon } from "./vue";
</script>

<template>
  <BellIcon size="2em" color="red" :stroke-width="1.5" title="a bell" class="x" />
  <Icon24Hours :size="48" aria-label="day and night" />
  <RingTheBellIcon stroke-width="2" />
  <!-- @vue-expect-error a size is no boolean -->
  <BellIcon :size="true" />
</template>
"""


def run(*command: str, cwd: Path, code: int = 0) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == code, f"{' '.join(command[:3])}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def modules() -> Path:
    """node_modules with the packages, installed once."""
    if os.environ.get("MNEMICON_NODE") != "1":
        pytest.skip("set MNEMICON_NODE=1 to check exports with npm packages (fetched into build/node the first time)")
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    stamp = BUILD / "packages.json"
    if not stamp.exists() or json.loads(stamp.read_text()) != list(PACKAGES):
        BUILD.mkdir(parents=True, exist_ok=True)
        (BUILD / "package.json").write_text('{"private": true}')
        run("npm", "install", "--no-audit", "--no-fund", "--save-exact", *PACKAGES, cwd=BUILD)
        stamp.write_text(json.dumps(list(PACKAGES)))
    return BUILD / "node_modules"


@pytest.fixture(scope="module")
def place(modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that holds the exports, and hostile ones beside them."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "node_modules").symlink_to(modules)
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    for name, exported in (("", items()), ("hostile-", hostile_items())):
        for format in ("react", "vue", "iconify"):
            target = folder / f"{name}{format}"
            target.mkdir()
            for file, data in export(exported, format).files.items():
                (target / file).write_bytes(data)
    (folder / "use.tsx").write_text(REACT_USE)
    (folder / "use.vue").write_text(VUE_USE)
    (folder / "tsconfig.json").write_text(json.dumps({**TSCONFIG, "include": ["use.tsx", "react", "hostile-react"]}))
    (folder / "tsconfig.vue.json").write_text(json.dumps({**TSCONFIG, "include": ["use.vue", "vue", "hostile-vue"]}))
    return folder


@pytest.fixture(scope="module")
def seen(place: Path) -> Any:
    return json.loads(run("node", str(CHECK), str(place), cwd=place))


def test_typescript_accepts_the_react_components_and_only_right_uses(place: Path) -> None:
    assert run("node_modules/.bin/tsc", "--noEmit", "-p", "tsconfig.json", cwd=place) == ""


def test_typescript_accepts_the_vue_components_and_only_right_uses(place: Path) -> None:
    assert run("node_modules/.bin/vue-tsc", "--noEmit", "-p", "tsconfig.vue.json", cwd=place) == ""


@pytest.mark.parametrize("format", ["react", "vue"])
def test_rendered_components_are_the_icons(seen: Any, format: str) -> None:
    assert seen["warnings"] == []
    found = seen[format]
    assert set(found) == {e.component for e in entries(items())} | {"RingTheBellIcon"}
    for entry in entries(items()):
        plain, asked, labelled = found[entry.component]
        side = max(entry.item.icon.viewbox[2:])
        assert f'width="{side:g}" height="{side:g}"' in plain and 'aria-hidden="true"' in plain and "role" not in plain
        assert same(parse(plain), entry.item.icon), entry.name
        assert 'width="48" height="48"' in asked and 'role="img"' in asked and "aria-hidden" not in asked
        assert "<title>&lt;b&gt; &amp; " in asked and 'class="c"' in asked and 'color="red"' in asked
        assert 'role="img"' in labelled and "aria-hidden" not in labelled and 'aria-label="said"' in labelled
    assert 'stroke-width="1"' in found["BellIcon"][1] and 'stroke-width="0.5"' in found["MapIcon"][1]


def test_an_icon_that_nobody_imports_is_dropped_by_the_bundler(seen: Any) -> None:
    assert seen["react_kept"] == seen["vue_kept"] == [1, len(items())]


def test_iconifys_own_tools_take_the_manifest(seen: Any) -> None:
    assert set(seen["iconify"]) == {e.name for e in entries(items())} | {"ring-the-bell"}
    for entry in entries(items()):
        assert same(parse(seen["iconify"][entry.name]), entry.item.icon), entry.name


def same(one: Icon, other: Icon) -> bool:
    a, b = default_renderer().ink_many([fit_canvas(one), fit_canvas(other)], 96)
    return float(np.abs(a - b).max()) < 0.02
