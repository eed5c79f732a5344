({
  // texts whose contrast with their ground is below 4.5
  contrast() {
    const numbers = (c) => c.match(/[\d.]+/g).map(Number);
    const light = (c) =>
      c
        .slice(0, 3)
        .map((v) => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const ground = (el) => {
      for (; el; el = el.parentElement) {
        const c = numbers(getComputedStyle(el).backgroundColor);
        if (c.length === 3 || c[3] === 1) return c;
      }
      return [255, 255, 255];
    };
    const bad = [];
    for (const el of document.querySelectorAll("body *")) {
      if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      if (el.closest('.sr, [aria-disabled="true"]')) continue;
      if (![...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
      const both = [light(numbers(getComputedStyle(el).color)), light(ground(el))].sort((x, y) => y - x);
      const ratio = (both[0] + 0.05) / (both[1] + 0.05);
      if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${el.className} ${el.textContent.slice(0, 40)}`);
    }
    return bad;
  },
  // controls and regions that a screen reader has no name for
  nameless() {
    const named = (el) =>
      el.getAttribute("aria-label") || el.textContent.trim() || (el.id && document.querySelector(`label[for="${el.id}"]`));
    return [...document.querySelectorAll("button, a, input, select, textarea, dialog, [role=log], nav, section")]
      .filter((el) => !el.closest('[aria-hidden="true"]') && !named(el))
      .map((el) => el.outerHTML.slice(0, 120));
  },
  // what stands out to the right of a narrow window
  wide() {
    return [...document.querySelectorAll(".panel *, .log *")]
      .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
      .map((e) => e.className);
  },
  // what a page of another site can have of ours
  async reach(url) {
    const found = [];
    const within = (name, work) =>
      Promise.race([work, new Promise((_, no) => setTimeout(no, 4000))]).then(() => found.push(name), () => {});
    await within("page", fetch(url, { credentials: "include" }).then((r) => r.text()));
    await within("post", fetch(url + "ui/import", { method: "POST", headers: { "X-Mnemicon": "1" }, body: "{}" }));
    const socket = url.replace("http", "ws") + "_nicegui_ws/socket.io/?EIO=4&transport=websocket";
    await within("socket", new Promise((yes, no) => Object.assign(new WebSocket(socket), { onopen: yes, onerror: no })));
    const frame = Object.assign(document.createElement("iframe"), { src: url });
    const seen = () => {
      try {
        return frame.contentDocument?.title;
      } catch {
        return "";
      }
    };
    await within("frame", new Promise((yes) => (frame.onload = () => seen() && yes(), document.body.append(frame))));
    return found;
  },
});
