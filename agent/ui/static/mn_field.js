// A labelled field: text, or one of several. What was typed goes out when Enter is pressed or the field is left.
export default {
  props: {
    label: String,
    value: String,
    options: Array,
    given: Number,
    hiddenLabel: Boolean,
    focusKey: String,
    placeholder: String,
    invalid: String,
    live: Boolean,
  },
  emits: ["change"],
  data() {
    return { text: this.value ?? "", sent: this.value ?? "" };
  },
  watch: {
    value(now) {
      if (now !== this.sent || document.activeElement !== this.$refs.field) this.text = this.sent = now ?? "";
    },
    given() {
      this.text = this.sent = this.value ?? "";
    },
  },
  methods: {
    commit() {
      if (this.text === this.sent) return;
      this.sent = this.text;
      this.$emit("change", this.text);
    },
  },
  render() {
    const h = Vue.h;
    const name = `${this.$attrs.id}-field`;
    const shared = {
      id: name,
      ref: "field",
      value: this.text,
      "data-key": this.focusKey,
      "aria-invalid": this.invalid ? "true" : undefined,
      "aria-describedby": this.invalid ? `${name}-why` : undefined,
    };
    const field = this.options
      ? h(
          "select",
          { ...shared, onChange: (e) => { this.text = e.target.value; this.commit(); } },
          this.options.map((o) => h("option", { value: o, selected: o === this.text }, o)),
        )
      : h("input", {
          ...shared,
          type: this.live ? "search" : "text",
          autocomplete: "off",
          spellcheck: "false",
          placeholder: this.placeholder,
          onInput: (e) => {
            this.text = e.target.value;
            if (this.live) this.commit();
          },
          onKeydown: (e) => {
            if (e.key === "Enter" && !e.isComposing) this.commit();
            if (e.key === "Escape" && this.text !== this.sent) {
              e.preventDefault();
              e.stopPropagation();
              this.text = this.sent;
            }
          },
          onBlur: () => this.commit(),
        });
    return h("div", { class: "field" }, [
      h("label", { for: name, class: this.hiddenLabel ? "sr" : "" }, this.label),
      field,
      this.invalid ? h("p", { id: `${name}-why`, class: "bad", role: "alert" }, this.invalid) : null,
    ]);
  },
};
