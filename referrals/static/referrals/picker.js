/* The picker of specialists, on its own page or in the dialog: it narrows those who fit and finds anybody else. */
(() => {
  "use strict";

  const pick = (root) => {
    const picker = root.querySelector("[data-picker]");
    if (!picker) return;
    const find = picker.querySelector("[data-find]");
    const fitting = [...picker.querySelectorAll("[data-options] label")];
    const others = picker.querySelector("[data-others]");
    const none = picker.querySelector("[data-none]");
    const nobody = picker.querySelector("[data-nobody]");
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
      nobody.hidden = true;
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
        nobody.hidden = left + more > 0;
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
})();
