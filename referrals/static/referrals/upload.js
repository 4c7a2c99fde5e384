/* Upload: files may be dropped, and the page of an upload follows them until all are settled. */
(() => {
  "use strict";
  const form = document.querySelector("[data-upload]");
  if (form) {
    const input = form.querySelector("input[type=file]");
    input.hasChangeListener = true; // the theme would look for a text box of its own beside it, and fail
    const drop = form.querySelector("[data-drop]");
    const chosen = form.querySelector("[data-chosen]");
    const most = Number(form.dataset.most);
    const list = () => {
      const files = [...input.files];
      chosen.replaceChildren(...files.map((file) => {
        const row = document.createElement("li");
        row.textContent = `${file.name} (${Math.max(1, Math.round(file.size / 1024)).toLocaleString()} kB)`;
        return row;
      }));
      input.setCustomValidity(files.length > most ? `Choose at most ${most} files at once.` : "");
      input.reportValidity();
    };
    input.addEventListener("change", list);
    ["dragover", "dragenter"].forEach((name) => drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("rl-dropping");
    }));
    ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("rl-dropping")));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      list();
    });
  }

  const rows = document.querySelector("[data-states]");
  if (!rows) return;
  const progress = document.querySelector("[data-progress]");
  const badges = [...rows.children].map((row) => row.querySelector("[data-state]"));
  const follow = async () => {
    try {
      const answer = await fetch(rows.dataset.states, { redirect: "manual" });
      if (!answer.ok) { progress.textContent = "Reload the page to see how far they are."; return; }
      const states = await answer.json();
      states.files.forEach((file, index) => {
        const badge = badges[index];
        if (!badge || badge.textContent === file.words) return;
        badge.textContent = file.words;
        badge.className = `rl-badge rl-${file.tone}`;
        badge.closest("a").href = file.href;
      });
      const left = states.files.filter((file) => !file.settled).length;
      progress.textContent = left ? `${left} still being read; this page follows them.` : "All done.";
      if (states.settled) return;
    } catch { progress.textContent = "The server does not answer; trying again."; }
    setTimeout(follow, 2000);
  };
  setTimeout(follow, 1000);
})();
