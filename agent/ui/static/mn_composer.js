// Where a message is written: Enter sends, Shift+Enter breaks the line. The text outlives a reload, and stays until the
// server has taken it.
const IDLE = "Describe an icon, or change this one";
export default {
  props: { session: String, busy: Boolean, given: Object, taken: Number, attached: String, address: String, wordless: Boolean },
  emits: ["send", "drop"],
  data() {
    return { text: sessionStorage.getItem(`mnemicon:${this.session}`) ?? "" };
  },
  watch: {
    text(now) {
      sessionStorage.setItem(`mnemicon:${this.session}`, now);
      this.$nextTick(this.fit);
    },
    given(now) {
      if (now?.text && (now.force || !this.text.trim())) {
        this.text = now.text;
        this.$nextTick(() => this.$refs.box.focus());
      }
    },
    taken() {
      this.text = "";
    },
  },
  mounted() {
    this.fit();
  },
  methods: {
    fit() {
      const box = this.$refs.box;
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 168)}px`;
    },
    send() {
      const text = this.text.trim();
      if (this.busy || (!text && !this.wordless)) return;
      this.$emit("send", { text });
    },
    choose(e) {
      const files = [...e.target.files].map((file) => ({ name: file.name, file }));
      e.target.value = "";
      window.dispatchEvent(new CustomEvent("mnemicon-files", { detail: files }));
      this.$refs.box.focus();
    },
  },
  render() {
    const h = Vue.h;
    const icon = (name) => h("span", { class: `g g-${name}`, "aria-hidden": "true" });
    const usable = !this.busy && (this.text.trim() || this.wordless);
    return h("form", { class: "composer", onSubmit: (e) => { e.preventDefault(); this.send(); } }, [
      this.attached
        ? h("div", { class: "attached" }, [
            this.address ? h("img", { src: this.address, alt: "", height: 40 }) : null,
            h("span", {}, this.attached),
            h("button", { type: "button", class: "b quiet", "aria-label": "Take it away", onClick: () => this.$emit("drop") }, [icon("close")]),
          ])
        : null,
      h("label", { class: "sr", for: "message" }, "Message"),
      h("textarea", {
        id: "message",
        ref: "box",
        rows: 1,
        maxlength: 4000,
        "data-key": "message",
        placeholder: this.wordless ? "Say what it shows, or just send" : this.attached ? "Say what to change" : IDLE,
        "aria-describedby": "message-help",
        value: this.text,
        onInput: (e) => (this.text = e.target.value),
        onKeydown: (e) => {
          if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
          e.preventDefault();
          this.send();
        },
        onPaste: (e) => {
          const files = [...(e.clipboardData?.files ?? [])].map((file) => ({ name: file.name, file }));
          if (!files.length) return;
          e.preventDefault();
          window.dispatchEvent(new CustomEvent("mnemicon-files", { detail: files }));
        },
      }),
      h("div", { class: "composer-row" }, [
        h("input", {
          ref: "files", type: "file", class: "sr", tabindex: -1, "aria-hidden": "true",
          accept: "image/png,image/jpeg,image/webp,image/gif,.svg", multiple: true, onChange: this.choose,
        }),
        h("button", { type: "button", class: "b quiet", title: "Draw from a picture", "aria-label": "Draw from a picture", "data-key": "attach", onClick: () => this.$refs.files.click() }, [icon("attach")]),
        h("span", { id: "message-help", class: "hint" }, "Enter sends, Shift+Enter breaks the line"),
        h("button", { type: "submit", class: "b primary round", title: "Send", "aria-label": this.busy ? "Send (a message is being answered)" : "Send", "data-key": "send", "aria-disabled": usable ? undefined : "true" }, [icon("send")]),
      ]),
    ]);
  },
};
