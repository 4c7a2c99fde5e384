/* While a referral's page is looked at it asks now and then whether somebody changed the referral, and offers to show it
   anew. What stands in an open dialog comes back with it. */
(() => {
  "use strict";

  const EVERY = 25_000, TYPED = "rl-typed";
  const page = document.querySelector("[data-changes]");
  const dialog = document.getElementById("rl-dialog");
  if (!page || !dialog) return;
  let asking = 0;

  /* what was typed, over a reload in this tab */
  const form = () => (dialog.open ? dialog.querySelector("form") : null);
  const keep = () => {
    if (!form()) return;
    const typed = [...new FormData(form())].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "expected_version");
    try { sessionStorage.setItem(TYPED, JSON.stringify({ at: location.pathname, address: form().action, typed })); } catch { /* storage is off */ }
  };
  const giveBack = () => {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(TYPED)); sessionStorage.removeItem(TYPED); } catch { return; }
    if (!kept || kept.at !== location.pathname) return;
    document.addEventListener("rl:shown", () => {
      const values = new Map(kept.typed);
      form().querySelectorAll("input:not([type=hidden]):not([type=file]), select, textarea").forEach((field) => {
        if (field.type === "radio" || field.type === "checkbox") field.checked = kept.typed.some(([name, value]) => name === field.name && value === field.value);
        else if (values.has(field.name)) field.value = values.get(field.name);
      });
    }, { once: true });
    document.dispatchEvent(new CustomEvent("rl:open", { detail: kept.address }));
  };

  const say = (by) => {
    const notice = document.createElement("div");
    notice.className = "rl-notice rl-notice-warn rl-meanwhile";
    notice.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = `${by} changed this referral meanwhile.`;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "rl-button";
    again.textContent = "Show it as it is now";
    again.addEventListener("click", () => { keep(); location.reload(); });
    notice.append(words, again);
    const place = () => { // a dialog makes the rest of the page unreachable
      const chosen = form() && [...form().querySelectorAll("input[type=file]")].some((input) => input.files.length);
      again.hidden = Boolean(chosen); // a file cannot be given back: sending the form says what changed
      (dialog.open ? dialog.querySelector("#act") : page).prepend(notice);
    };
    place();
    dialog.addEventListener("close", place);
    document.addEventListener("rl:shown", place);
  };

  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(page.dataset.changes, { redirect: "error", headers: { Accept: "application/json" } });
      if (!answer.ok) return clearInterval(asking);
      const { by } = await answer.json();
      if (!by || !asking) return;
      clearInterval(asking);
      asking = 0;
      say(by);
    } catch { /* signed out or no network: the next page says so */ }
  };

  asking = setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => { if (asking) ask(); });
  giveBack();
})();
