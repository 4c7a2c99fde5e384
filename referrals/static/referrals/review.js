/* The page of an incoming document, by keyboard: everything here is also a link or a button.
   j k candidates · a attach · x set aside · / find · n next · arrows pages · ? help */
(() => {
  "use strict";
  const main = document.querySelector("[data-review]");
  if (!main) return;

  // -- pages of the document
  const picture = main.querySelector("[data-picture]");
  const links = [...main.querySelectorAll("[data-page]")];
  const noPicture = main.querySelector("[data-nopicture]");
  const paper = picture && picture.parentElement;
  const shown = () => links.findIndex((link) => link.getAttribute("aria-current"));
  const turnTo = (index) => {
    const link = links[index];
    if (!link) return;
    links.forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "true");
    if (noPicture) noPicture.hidden = true;
    picture.hidden = false;
    picture.alt = `Page ${link.dataset.page} of ${links.length}`;
    picture.src = link.dataset.src;
    paper.scrollTop = 0;
  };
  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    turnTo(index);
  }));
  if (picture) {
    const broken = () => { picture.hidden = true; noPicture.hidden = false; };
    picture.addEventListener("error", broken);
    if (picture.complete && !picture.naturalWidth) broken();
    const zoom = main.querySelector("[data-zoom]");
    zoom.hidden = false;
    zoom.addEventListener("click", () => {
      const larger = paper.classList.toggle("rl-larger");
      zoom.textContent = larger ? "Fit" : "Larger";
    });
  }

  // -- candidates
  const candidates = [...main.querySelectorAll("[data-candidate]")];
  let marked = -1;
  const mark = (index) => {
    if (!candidates.length) return;
    marked = Math.max(0, Math.min(index, candidates.length - 1));
    candidates.forEach((one, at) => one.classList.toggle("rl-marked", at === marked));
    candidates[marked].focus({ preventScroll: true });
    candidates[marked].scrollIntoView({ block: "nearest" });
  };
  const open = (details) => {
    if (!details) return;
    details.open = true;
    const missing = [...details.querySelectorAll("select, input:not([type=hidden]), textarea")];
    (missing.find((field) => !field.value || field.type === "checkbox" || field.type === "radio") ||
      details.querySelector("button[type=submit]")).focus();
    details.scrollIntoView({ block: "nearest" });
  };
  candidates.forEach((one, index) => one.addEventListener("focusin", () => {
    marked = index;
    candidates.forEach((other) => other.classList.toggle("rl-marked", other === one));
  }));

  // -- keys
  const keys = document.getElementById("rl-keys");
  const help = main.querySelector("[data-help]");
  if (help && keys && keys.showModal) {
    help.hidden = false;
    help.addEventListener("click", () => keys.showModal());
  }
  const typing = (element) => element.closest("input, textarea, select, [contenteditable], .select2-container");
  const acts = {
    j: () => mark(marked + 1),
    k: () => mark(marked - 1),
    a: () => { if (marked < 0) mark(0); if (candidates[marked]) open(candidates[marked].querySelector("details")); },
    x: () => open(main.querySelector("[data-aside]")),
    n: () => { if (main.dataset.next) location.assign(main.dataset.next); },
    "/": () => { const find = document.getElementById("find"); if (find) find.focus(); },
    "?": () => { if (keys && keys.showModal && !keys.open) keys.showModal(); },
    ArrowRight: () => turnTo(shown() + 1),
    ArrowLeft: () => turnTo(shown() - 1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || (keys && keys.open)) return;
    if (event.key.startsWith("Arrow") && event.target.closest(".rl-larger")) return; // it scrolls the page
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // -- where something was refused, there the reader is taken
  const problems = main.querySelector("#problems");
  if (problems) { problems.focus(); problems.scrollIntoView({ block: "center" }); }
})();
