// A button that lets files, or a whole folder, be chosen; the frame takes them in.
export default {
  props: { label: String, folder: Boolean, glyph: String, focusKey: String },
  methods: {
    chosen(e) {
      const files = [...e.target.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
      e.target.value = "";
      window.dispatchEvent(new CustomEvent("mnemicon-files", { detail: files }));
    },
  },
  render() {
    const h = Vue.h;
    return h("span", { class: "chooser" }, [
      h("input", {
        ref: "files", type: "file", class: "sr", tabindex: -1, "aria-hidden": "true", multiple: true,
        webkitdirectory: this.folder || undefined, accept: this.folder ? undefined : ".svg", onChange: this.chosen,
      }),
      h("button", { type: "button", class: "b", "data-key": this.focusKey, onClick: () => this.$refs.files.click() }, [
        h("span", { class: `g g-${this.glyph}`, "aria-hidden": "true" }),
        h("span", {}, this.label),
      ]),
    ]);
  },
};
