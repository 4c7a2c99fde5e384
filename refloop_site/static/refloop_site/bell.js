/* The bell of an open page stays true: once a minute, while somebody looks, it asks how much is unread. */
(() => {
  "use strict";

  const EVERY = 60_000;
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const badge = bell.querySelector(".rl-bellcount");

  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(bell.dataset.bell, { redirect: "error", headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { count, words } = await answer.json();
      badge.textContent = words;
      badge.hidden = count === 0;
      bell.setAttribute("aria-label", `My inbox, ${count ? `${words} unread` : "nothing unread"}`);
    } catch { /* signed out or no network: the next page says so */ }
  };

  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
})();
