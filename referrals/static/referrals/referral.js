/* The page of one referral: its stream, files dropped on it. All of it works without. */
(() => {
  "use strict";
  const page = document.querySelector("[data-referral]");
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
