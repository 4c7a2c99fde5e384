/* The page of one referral: its stream, the picker of specialists, files dropped on it. All of it works without. */
(() => {
  "use strict";
  const page = document.querySelector("[data-referral]");

  // -- the picker, on its own page or in the dialog
  const pick = (root) => {
    const picker = root.querySelector("[data-picker]");
    if (!picker) return;
    const find = picker.querySelector("[data-find]");
    const fitting = [...picker.querySelectorAll("[data-options] label")];
    const others = picker.querySelector("[data-others]");
    const none = picker.querySelector("[data-none]");
    const count = picker.querySelector("[data-count]");
    let last = find.value.trim(), waiting = 0;
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    const look = async () => {
      const wanted = find.value.trim();
      const words = plain(wanted).split(/\s+/).filter(Boolean);
      let left = 0;
      fitting.forEach((label) => {
        const fits = words.every((word) => plain(label.textContent).includes(word));
        label.hidden = !fits && !label.querySelector("input").checked;
        if (fits) left += 1;
      });
      none.hidden = left > 0 || !fitting.length;
      if (wanted === last) return;
      last = wanted;
      if (wanted.length === 1) return; // one letter finds half the directory
      try {
        const answer = await fetch(`${find.dataset.address}?find=${encodeURIComponent(wanted)}`, { redirect: "manual" });
        if (!answer.ok || find.value.trim() !== wanted) return;
        const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-others]");
        if (!found) return;
        const chosen = others.querySelector("input:checked");
        const kept = chosen && chosen.closest("label");
        others.replaceChildren(...found.childNodes);
        others.querySelectorAll("input").forEach((input) => { input.checked = false; });
        if (kept && ![...others.querySelectorAll("input")].some((i) => i.value === chosen.value && (i.checked = true))) {
          others.querySelector(".rl-radios").prepend(kept);
        }
        const more = others.querySelectorAll("label").length;
        others.hidden = !more;
        count.textContent = `${left} fit, ${more} others`;
      } catch { /* those who fit are still there */ }
    };
    find.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 200); });
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it looks, it does not send
      clearTimeout(waiting);
      look();
    });
  };
  pick(document);
  document.addEventListener("rl:shown", (event) => pick(event.target));
  if (!page) return;

  // -- the stream, by kind
  const stream = page.querySelector("[data-stream]");
  const show = (kind) => {
    let any = false;
    stream.querySelectorAll("[data-kinds]").forEach((row) => {
      row.hidden = !row.dataset.kinds.split(" ").includes(kind);
      any = any || !row.hidden;
    });
    stream.querySelectorAll("[data-show]").forEach((link) => {
      if (link.dataset.show === kind) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    stream.querySelectorAll("[data-empty]").forEach((words) => { words.hidden = any || words.dataset.empty !== kind; });
  };
  page.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-show]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.dataset.show);
    history.replaceState(null, "", link.dataset.show === "all" ? location.pathname : `?show=${link.dataset.show}`);
    if (!stream.contains(link)) stream.scrollIntoView();
  });

  // -- a menu that would end below the screen opens upwards
  page.querySelectorAll("details.rl-more").forEach((menu) => menu.addEventListener("toggle", () => {
    menu.classList.remove("rl-upward");
    const list = menu.querySelector(".rl-menu").getBoundingClientRect();
    if (menu.open && list.bottom > innerHeight && menu.getBoundingClientRect().top > list.height) menu.classList.add("rl-upward");
  }));

  page.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });

  // -- a note dropped anywhere on the page
  const zone = page.querySelector("[data-dropzone]");
  if (!zone) return;
  const carriesFile = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const dialog = document.getElementById("rl-dialog");
  addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    if (!dialog.open) zone.hidden = false;
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.hidden = true; });
  addEventListener("drop", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    zone.hidden = true;
    const files = event.dataTransfer.files;
    if (!files.length || dialog.open) return;
    const take = (shown) => {
      const input = shown.target.querySelector("input[type=file]");
      if (input) input.files = files;
    };
    document.addEventListener("rl:shown", take, { once: true });
    document.dispatchEvent(new CustomEvent("rl:open", { detail: page.dataset.attach }));
  });
})();
