/* The worklist by keyboard, and what is done to several referrals at once. Without scripts every link and button works:
   an action then opens its page instead of a dialog. */
(() => {
  "use strict";

  const list = document.querySelector("[data-worklist]");
  if (!list) return;
  const rows = [...list.querySelectorAll("[data-row]")];
  const form = list.querySelector("[data-select]");
  const search = list.querySelector("[data-search]");

  /* selection */
  const bulk = list.querySelector("[data-bulk]");
  const all = list.querySelector("[data-all]");
  const ticks = [...list.querySelectorAll("[data-one]")];
  const chosen = () => ticks.filter((tick) => tick.checked);
  const tell = () => {
    if (!bulk) return;
    const count = chosen().length;
    ticks.forEach((tick) => tick.closest("[data-row]").classList.toggle("wl-picked", tick.checked));
    bulk.hidden = count === 0;
    const words = bulk.querySelector("[data-count]");
    words.textContent = words.dataset.of && count === ticks.length ? `${count} of ${words.dataset.of} selected` : `${count} selected`;
    bulk.querySelector("[data-clear]").hidden = count === 0;
    bulk.querySelector("[data-everyone]").hidden = count === 0 || count === ticks.length;
    if (all) {
      all.checked = count > 0 && count === ticks.length;
      all.indeterminate = count > 0 && count < ticks.length;
    }
  };
  let last = null;
  ticks.forEach((tick) => tick.addEventListener("click", (event) => {
    if (event.shiftKey && last) { // from the one ticked before to this one
      const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
      ticks.slice(from, to + 1).forEach((one) => { one.checked = tick.checked; });
    }
    last = tick;
    tell();
  }));
  if (all) all.addEventListener("change", () => { ticks.forEach((tick) => { tick.checked = all.checked; }); tell(); });
  if (bulk) {
    const tickAll = (to) => { ticks.forEach((tick) => { tick.checked = to; }); tell(); };
    bulk.querySelector("[data-clear]").addEventListener("click", () => tickAll(false));
    bulk.querySelector("[data-everyone]").addEventListener("click", () => tickAll(true));
    addEventListener("pageshow", tell);
    tell();
  }

  /* acting on what is selected: the page that asks, in a dialog */
  const dialog = document.getElementById("wl-together");
  const here = location.pathname + location.search;
  const show = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html").getElementById("together");
    if (!page) return false;
    dialog.replaceChildren(page);
    const asked = page.querySelector("form");
    page.querySelectorAll("[data-close]").forEach((link) => link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    }));
    asked.addEventListener("submit", (event) => { event.preventDefault(); send(asked); });
    if (!dialog.open) dialog.showModal();
    (page.querySelector("#problems") || asked.querySelector("select, input:not([type=hidden]), textarea")).focus();
    return true;
  };
  const send = async (asked) => {
    const button = asked.querySelector("button[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    try {
      const answer = await fetch(asked.action, { method: "POST", body: new FormData(asked), redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.assign(here); // done: the list says what became of each
      if (!show(await answer.text())) asked.submit();
    } catch {
      button.disabled = false;
      const problem = document.createElement("p");
      problem.className = "rl-notice rl-notice-bad";
      problem.setAttribute("role", "alert");
      problem.textContent = "The server did not answer. Nothing was lost here: try again.";
      asked.prepend(problem);
    }
  };
  if (form && dialog && dialog.showModal) form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || button.name !== "action") return;
    event.preventDefault();
    const data = new FormData(form);
    data.set("action", button.value);
    try {
      const answer = await fetch(here, { method: "POST", body: data, redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.assign(here);
      if (answer.ok && show(await answer.text())) return;
    } catch { /* the plain page says what is wrong */ }
    const plain = document.createElement("input");
    Object.assign(plain, { type: "hidden", name: "action", value: button.value });
    form.append(plain);
    form.submit();
  });

  /* keys */
  const keys = document.getElementById("wl-keys");
  const help = list.querySelector("[data-help]");
  if (help) {
    help.hidden = false;
    help.addEventListener("click", () => keys.showModal());
  }
  const at = () => rows.findIndex((row) => row.contains(document.activeElement));
  const go = (index) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    row.querySelector("[data-open]").focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => { const row = rows[at()]; const found = row && row.querySelector(selector); if (found) found.click(); };
  const does = {
    j: () => go(at() + 1),
    k: () => go(at() < 0 ? 0 : at() - 1),
    x: () => press("[data-one]"),
    a: () => press("[data-dialog]"),
    c: () => { if (bulk && chosen().length) bulk.querySelector("[value=log_contact_selected]").click(); },
    "/": () => { search.focus(); search.select(); },
    "?": () => { if (!keys.open) keys.showModal(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (typing) {
      if (event.key === "Escape" && event.target === search) search.blur();
      return;
    }
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* on a narrow screen the tabs are a strip: the one that is open is in sight */
  const strip = list.querySelector(".wl-tabs"), open = strip && strip.querySelector("[aria-current]");
  if (open) strip.scrollLeft = open.offsetLeft - strip.offsetLeft - (strip.clientWidth - open.offsetWidth) / 2;

  /* the way back from a referral leads to this queue */
  try { sessionStorage.setItem("refloop-worklist", location.search); } catch { /* storage is off: the plain list */ }
})();
