// The whole page: theme, keys, what is dropped on it, and the focus, which survives when the page is drawn anew.
const BATCH = 120; // files of one request
const WEIGHT = 4_000_000; // bytes of one request
const CUT = 300_000; // bytes of one file: beyond that the server refuses it anyway, and says why
const PICTURES = /^image\/(png|jpeg|webp|gif|bmp|tiff)$/;

const post = async (path, body, json = true) => {
  const headers = { "X-Mnemicon": "1", ...(json ? { "Content-Type": "application/json" } : {}) };
  const answer = await fetch(path, { method: "POST", body: json ? JSON.stringify(body) : body, headers });
  const said = await answer.json().catch(() => ({ error: `the server answered ${answer.status}` }));
  if (!answer.ok) throw new Error(said.error ?? `the server answered ${answer.status}`);
  return said;
};

const read = (entry, path) =>
  new Promise((resolve) => {
    if (entry.isFile) return entry.file((file) => resolve([{ name: path + file.name, file }]), () => resolve([]));
    const reader = entry.createReader();
    const found = [];
    const more = () =>
      reader.readEntries(async (entries) => {
        if (!entries.length) return resolve(found);
        for (const inner of entries) found.push(...(await read(inner, `${path}${entry.name}/`)));
        more();
      }, () => resolve(found));
    more();
  });

export default {
  props: { view: String, theme: String, busy: Boolean, importing: Boolean, tail: Number },
  emits: ["key", "picture", "svg", "trouble", "theme"],
  data() {
    return { over: 0, kept: null, told: -1 };
  },
  mounted() {
    this.paint();
    this.handlers = {
      keydown: this.key,
      dragenter: (e) => this.drag(e, 1),
      dragleave: (e) => this.drag(e, -1),
      dragover: (e) => e.preventDefault(),
      drop: this.drop,
      "mnemicon-files": (e) => this.take(e.detail),
    };
    for (const [name, handler] of Object.entries(this.handlers)) window.addEventListener(name, handler);
    this.follow();
  },
  unmounted() {
    for (const [name, handler] of Object.entries(this.handlers)) window.removeEventListener(name, handler);
  },
  beforeUpdate() {
    this.kept = document.activeElement?.dataset?.key ?? null;
  },
  updated() {
    this.paint();
    this.follow();
    if (!this.kept || (document.activeElement && document.activeElement !== document.body)) return;
    document.querySelector(`[data-key="${CSS.escape(this.kept)}"]`)?.focus({ preventScroll: true });
  },
  watch: {
    theme(now) {
      if (now) localStorage.setItem("mnemicon:theme", now);
    },
  },
  methods: {
    paint() {
      const chosen = this.theme || localStorage.getItem("mnemicon:theme") || "auto";
      document.documentElement.dataset.theme = chosen;
      if (!this.theme && chosen !== "auto") this.$emit("theme", chosen);
    },
    follow() {
      if (this.tail === this.told) return;
      this.told = this.tail;
      const log = this.$el.querySelector(".log");
      if (log) log.scrollTop = log.scrollHeight;
    },
    key(e) {
      if (e.defaultPrevented || e.isComposing || document.querySelector("dialog[open]")) return;
      const at = e.target;
      const field = at.closest?.("input, textarea, select");
      const written = field && field.value !== "" && field.tagName !== "SELECT";
      const command = e.ctrlKey || e.metaKey;
      const digit = /^(Digit|Numpad)([1-8])$/.exec(e.code)?.[2];
      let key = null;
      if (digit && !command && (e.altKey || !field)) key = digit;
      else if (command && !e.altKey && e.key.toLowerCase() === "z" && !written) key = e.shiftKey ? "redo" : "undo";
      else if (command && !e.altKey && e.key.toLowerCase() === "y" && !written) key = "redo";
      else if (e.key === "/" && !command && !field) {
        document.getElementById("message")?.focus();
        e.preventDefault();
        return;
      }
      if (key === null) return;
      e.preventDefault();
      this.$emit("key", { key });
    },
    drag(e, step) {
      if (![...(e.dataTransfer?.types ?? [])].includes("Files")) return;
      e.preventDefault();
      this.over = Math.max(0, this.over + step);
    },
    async drop(e) {
      if (!e.dataTransfer?.items?.length) return;
      e.preventDefault();
      this.over = 0;
      const items = [...e.dataTransfer.items].filter((item) => item.kind === "file");
      const dropped = items.map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() })); // now, or they are gone
      const found = [];
      for (const { entry, file } of dropped)
        found.push(...(entry ? await read(entry, "") : file ? [{ name: file.name, file }] : []));
      await this.take(found);
    },
    async take(files) {
      const svgs = files.filter((f) => /\.svg$/i.test(f.name) || f.file.type === "image/svg+xml");
      const pictures = files.filter((f) => PICTURES.test(f.file.type));
      try {
        if (svgs.length === 1 && files.length === 1 && !files[0].name.includes("/"))
          this.$emit("svg", { name: svgs[0].name, text: (await svgs[0].file.slice(0, CUT).text()) });
        else if (svgs.length) await this.bring(svgs, files.length - svgs.length);
        else if (pictures.length) await this.attach(pictures[0]);
        else if (files.length) this.$emit("trouble", { said: "Drop SVG files or folders of them, or a PNG, JPEG, WebP or GIF to draw from." });
      } catch (error) {
        this.$emit("trouble", { said: String(error.message ?? error) });
      }
    },
    async attach({ name, file }) {
      const { key } = await post("/ui/picture", file, false);
      this.$emit("picture", { key, name, address: URL.createObjectURL(file) });
    },
    async bring(files, leftOut) {
      if (this.importing) throw new Error("Files are being taken in already: wait until that is done.");
      const { key } = await post("/ui/import", { total: files.length, left_out: leftOut });
      let trouble = "";
      try {
        for (let i = 0; i < files.length; ) {
          const form = new FormData();
          let weight = 0;
          for (let n = 0; i < files.length && n < BATCH && weight < WEIGHT; n++, i++) {
            const part = files[i].file.slice(0, CUT);
            weight += part.size;
            form.append("file", part, files[i].name);
          }
          await post(`/ui/import/${key}`, form, false);
        }
      } catch (error) {
        trouble = String(error.message ?? error);
      }
      await post(`/ui/import/${key}/end`, { trouble });
    },
  },
  render() {
    return Vue.h("div", { class: ["frame", `view-${this.view}`, { over: this.over > 0 }] }, [
      ...(this.$slots.default ? this.$slots.default() : []),
      this.over > 0
        ? Vue.h("div", { class: "landing", "aria-hidden": "true" }, [
            Vue.h("p", {}, "Drop a picture to draw from it"),
            Vue.h("p", {}, "Drop SVG files or a folder to make them yours"),
          ])
        : null,
    ]);
  },
};
