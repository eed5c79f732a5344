// Reads exports with the tools they are for and says what it saw, as one JSON document on stdout.
// node check.mjs FOLDER: FOLDER holds react/, vue/, iconify/icons.json as mnemicon writes them, and node_modules.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = resolve(process.argv[2]);
const require = createRequire(join(root, "package.json"));
const esbuild = require("esbuild");
const { compileScript, parse } = require("@vue/compiler-sfc");
const { getIconData, iconToHTML, iconToSVG, validateIconSet } = require("@iconify/utils");

// A single-file component as Vue's own compiler makes a module of it.
const vue = {
  name: "vue",
  setup(build) {
    build.onLoad({ filter: /\.vue$/ }, ({ path }) => {
      const { descriptor, errors } = parse(readFileSync(path, "utf8"), { filename: path });
      if (errors.length) throw new Error(`${path}: ${errors[0].message}`);
      const made = compileScript(descriptor, { id: "x", inlineTemplate: true });
      return { contents: made.content, loader: "ts" };
    });
  },
};

async function bundled(entry, options = {}) {
  const made = await esbuild.build({
    stdin: { contents: entry, resolveDir: root, loader: "tsx" },
    bundle: true, write: false, format: "esm", platform: "node", jsx: "automatic", logLevel: "silent",
    external: ["react", "react-dom", "vue", "@vue/server-renderer"], plugins: [vue], ...options,
  });
  return { text: made.outputFiles[0].text, warnings: made.warnings.map((w) => w.text) };
}

async function run(text) {
  const file = join(root, `run-${Math.random().toString(36).slice(2)}.mjs`);
  writeFileSync(file, text);
  return (await import(pathToFileURL(file).href)).default;
}

const seen = { react: {}, vue: {}, iconify: {}, warnings: [] };

const ask = { plain: {}, asked: { size: 48, color: "red", strokeWidth: 1, title: "<b> & \"q\"", className: "c" } };
const labelled = { "aria-label": "said" };

{
  const made = await bundled(`
    import { createElement as h, createRef } from "react";
    import { renderToStaticMarkup as render } from "react-dom/server";
    import * as icons from "./react";
    const out = {};
    for (const [name, Icon] of Object.entries(icons)) {
      out[name] = [${JSON.stringify(ask.plain)}, ${JSON.stringify(ask.asked)}, ${JSON.stringify(labelled)}]
        .map((props) => render(h(Icon, props)));
    }
    export default out;`);
  seen.warnings.push(...made.warnings);
  seen.react = await run(made.text);
}
{
  const asked = { ...ask.asked, class: "c" };
  delete asked.className;
  const made = await bundled(`
    import { createSSRApp, h } from "vue";
    import { renderToString } from "@vue/server-renderer";
    import * as icons from "./vue";
    const out = {};
    for (const [name, Icon] of Object.entries(icons)) {
      out[name] = [];
      for (const props of [{}, ${JSON.stringify(asked)}, ${JSON.stringify(labelled)}])
        out[name].push(await renderToString(createSSRApp({ render: () => h(Icon, props) })));
    }
    export default out;`);
  seen.warnings.push(...made.warnings);
  seen.vue = await run(made.text);
}
// What is left of a set when one icon of it is used.
for (const [folder, end] of [["react", ".tsx"], ["vue", ".vue"]]) {
  const name = readdirSync(join(root, folder)).find((file) => file.endsWith(end)).slice(0, -end.length);
  const one = await bundled(`import { ${name} } from "./${folder}"; console.log(${name});`);
  const all = await bundled(`import * as all from "./${folder}"; console.log(all);`);
  seen[`${folder}_kept`] = [one, all].map((made) => made.text.split("viewBox").length - 1);
}
{
  const set = JSON.parse(readFileSync(join(root, "iconify", "icons.json"), "utf8"));
  validateIconSet(JSON.parse(JSON.stringify(set)));
  for (const name of [...Object.keys(set.icons), ...Object.keys(set.aliases ?? {})]) {
    const made = iconToSVG(getIconData(set, name));
    seen.iconify[name] = iconToHTML(made.body, made.attributes);
  }
}
process.stdout.write(JSON.stringify(seen));
