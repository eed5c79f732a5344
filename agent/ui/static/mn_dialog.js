// A modal dialog of the browser's own: it holds the focus, Escape closes it, and the page below is inert.
export default {
  props: { label: String, open: Boolean },
  emits: ["close"],
  mounted() {
    this.follow();
  },
  updated() {
    this.follow();
  },
  methods: {
    follow() {
      const it = this.$el;
      if (this.open && !it.open) it.showModal();
      if (!this.open && it.open) it.close();
    },
  },
  render() {
    return Vue.h(
      "dialog",
      {
        "aria-label": this.label,
        onClose: () => this.open && this.$emit("close"),
        onMousedown: (e) => {
          if (e.target !== this.$el) return;
          const box = this.$el.getBoundingClientRect();
          const inside = e.clientX >= box.left && e.clientX <= box.right && e.clientY >= box.top && e.clientY <= box.bottom;
          if (!inside) this.$emit("close");
        },
      },
      this.$slots.default ? this.$slots.default() : [],
    );
  },
};
