/* Small conveniences of the workspace. Every page works without them:
   - links marked data-dialog open their form page in a dialog instead of leaving the referral;
   - forms marked data-once are sent once, however often the button is pressed. */
(() => {
  "use strict";

  const once = (form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; });
    });
  };
  document.querySelectorAll("form[data-once]").forEach(once);
  // Coming back by the browser's arrow, the form must work again.
  addEventListener("pageshow", () => document.querySelectorAll("form[data-once]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
  }));

  document.querySelectorAll("details.rl-more").forEach((menu) => {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  const dialog = document.getElementById("rl-dialog");
  if (!dialog || !dialog.showModal) return;

  const show = (text, address) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const act = page.getElementById("act");
    // Not a form page (signed out, refused), or one whose choices need their own scripts: go there instead.
    if (!act || act.querySelector(".admin-autocomplete, [data-viewer]")) return false;
    dialog.replaceChildren(act);
    const heading = act.querySelector("h2");
    if (heading) dialog.setAttribute("aria-label", heading.textContent);
    const form = act.querySelector("form");
    form.addEventListener("submit", (event) => send(event, form, address));
    act.querySelectorAll("[data-close]").forEach((link) => link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    }));
    if (!dialog.open) dialog.showModal();
    const first = act.querySelector("#problems") ||
      form.querySelector("input:not([type=hidden]), select, textarea") || form.querySelector("button");
    if (first) first.focus();
    act.dispatchEvent(new CustomEvent("rl:shown", { bubbles: true }));
    return true;
  };

  // Closed without doing anything, the dialog gives the focus back to what opened it (a menu that closed meanwhile: to
  // its button). After a step the page is new: what came of it stands in sight wherever the page is scrolled to, and a
  // list goes on at the row it was at, or at the one that came in its place.
  let opener = null;
  dialog.addEventListener("close", () => { if (opener && opener.isConnected) opener.focus(); });
  const DONE = "rl-done", here = location.pathname + location.search;
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const leave = () => {
    const row = opener && opener.closest("[data-row]");
    sessionStorage.setItem(DONE, JSON.stringify({ here, at: row ? rows().indexOf(row) : -1 }));
    location.reload();
  };
  const arrive = (came) => {
    const outcome = document.querySelector("[data-messages]"), now = rows();
    const row = now[Math.min(came.at, now.length - 1)];
    const next = (row && row.querySelector("[data-open]")) || outcome;
    if (next) next.focus({ preventScroll: true });
    if (row && outcome) { // the focus is elsewhere, so the outcome has to be said
      const said = document.createElement("p");
      said.className = "rl-sr";
      said.setAttribute("role", "status");
      document.body.append(said);
      setTimeout(() => { said.textContent = outcome.textContent; }, 200);
    }
  };
  try {
    const came = JSON.parse(sessionStorage.getItem(DONE));
    if (came && came.here === here) arrive(came);
  } catch { /* storage is off, or of an older page: the page begins at its top */ }
  sessionStorage.removeItem(DONE);

  const send = async (event, form, address) => {
    event.preventDefault();
    const buttons = form.querySelectorAll("button[type=submit]");
    if (buttons[0].disabled) return;
    buttons.forEach((button) => { button.disabled = true; });
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      // Done: it leads back to this page. Following it here would use up the message it carries.
      if (answer.type === "opaqueredirect") return leave();
      if (!show(await answer.text(), address)) location.assign(address);
    } catch {
      buttons.forEach((button) => { button.disabled = false; });
      const problem = document.createElement("p");
      problem.className = "rl-notice rl-notice-bad";
      problem.setAttribute("role", "alert");
      problem.textContent = "The server did not answer. Nothing was lost here: try again.";
      form.prepend(problem);
    }
  };

  const open = async (address) => {
    if (opener) opener.setAttribute("aria-busy", "true"); // a slow line shows that the click was taken
    try {
      const answer = await fetch(address, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return location.reload();
      if (answer.ok && show(await answer.text(), address)) return;
    } catch { /* the plain page says what is wrong */
    } finally {
      if (opener) opener.removeAttribute("aria-busy");
    }
    location.assign(address);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const menu = link.closest("details.rl-more");
    if (menu) menu.open = false;
    opener = menu ? menu.querySelector("summary") : link;
    open(link.href);
  });
  document.addEventListener("rl:open", (event) => open(event.detail));
})();
