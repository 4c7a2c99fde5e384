/* What the theme leaves out of every page: a main landmark, messages that stay in sight, names for its choosing boxes. */
(() => {
  "use strict";

  const content = document.getElementById("content");
  if (content) {
    content.tabIndex = -1; // where the skip link leads
    if (!document.querySelector("main")) content.setAttribute("role", "main");
  }

  // What just happened stays in sight while the page is scrolled, until it is closed or the page's top is reached.
  const outcome = document.querySelector("[data-messages]");
  if (outcome) {
    const above = () => outcome.classList.toggle("rl-insight", scrollY > 60);
    above();
    addEventListener("scroll", above, { passive: true });
    addEventListener("pageshow", above);
    outcome.querySelectorAll("[data-close-message]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", () => {
        button.closest("li").remove();
        if (!outcome.querySelector("li")) outcome.remove();
        content?.focus({ preventScroll: true });
      });
    });
  }

  const nameOf = (select) =>
    select.getAttribute("aria-label") || select.labels?.[0]?.textContent.replace("*", "").trim() || select.name;

  const dress = () => {
    for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
      const box = select.nextElementSibling;
      if (!box?.classList.contains("select2")) continue;
      const name = nameOf(select);
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) {
        if (part.getAttribute("aria-label") === name) continue;
        const chosen = part.matches("[role=combobox]") && !select.multiple;
        part.setAttribute("aria-label", name);
        if (chosen) part.removeAttribute("aria-labelledby");
      }
      // The theme's list of what is chosen has more than entries in it: no list, then.
      for (const list of box.querySelectorAll("ul.select2-selection__rendered")) {
        if (list.getAttribute("role") !== "presentation") list.setAttribute("role", "presentation");
        for (const item of list.querySelectorAll("li:not([role=presentation])")) item.setAttribute("role", "presentation");
      }
    }
    const search = document.querySelector(".select2-dropdown .select2-search__field:not([aria-label])");
    if (search) search.setAttribute("aria-label", "Search");
  };

  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => { asked = false; dress(); });
  };
  if (document.querySelector("select")) {
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
    window.addEventListener("load", soon);
    soon();
  }
})();
