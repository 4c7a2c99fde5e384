/* The short tour: a dialog that walks its stops, rings what each is about, and remembers that it was taken. */
(() => {
  "use strict";

  const tour = document.getElementById("rl-tour");
  if (!tour) return;
  const stops = [...tour.querySelectorAll("[data-stop]")];
  const [next, back] = ["next", "back"].map((name) => tour.querySelector(`[data-tour=${name}]`));
  let at = 0;

  const ring = (selector) => {
    document.querySelectorAll(".rl-ringed").forEach((one) => one.classList.remove("rl-ringed"));
    const target = selector && document.querySelector(selector);
    if (!target || !target.offsetParent) return;
    target.classList.add("rl-ringed");
    target.scrollIntoView({ block: "nearest" });
  };

  const go = (to) => {
    at = Math.max(0, Math.min(to, stops.length - 1));
    stops.forEach((stop, number) => {
      stop.hidden = number !== at;
      stop.querySelector("h2").id = number === at ? "rl-tourtitle" : "";
    });
    back.hidden = at === 0;
    next.textContent = at === stops.length - 1 ? "Begin" : "Next";
    ring(stops[at].dataset.pointsAt);
    next.focus();
  };

  const start = () => { if (!tour.open) tour.showModal(); go(0); };

  tour.addEventListener("close", () => {
    ring("");
    const token = tour.querySelector("[name=csrfmiddlewaretoken]").value;
    fetch(tour.dataset.taken, { method: "POST", headers: { "X-CSRFToken": token }, keepalive: true });
    document.getElementById("content")?.focus({ preventScroll: true });
  });
  tour.addEventListener("click", (event) => {
    const what = event.target.closest("[data-tour]")?.dataset.tour;
    if (what === "back") go(at - 1);
    if (what === "end" || (what === "next" && at === stops.length - 1)) tour.close();
    else if (what === "next") go(at + 1);
  });
  tour.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the list's own keys are not meant
    if (event.key === "ArrowRight" && at < stops.length - 1) go(at + 1);
    if (event.key === "ArrowLeft") go(at - 1);
  });
  document.querySelectorAll("[data-tour-again]").forEach((one) => one.addEventListener("click", start));
  if ("due" in tour.dataset) start();
})();
