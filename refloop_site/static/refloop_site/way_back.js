/* The way back from a referral leads to the queue, filters and page of the worklist one came from, in each tab its own. */
(() => {
  "use strict";

  let came = "";
  try { came = sessionStorage.getItem("refloop-worklist") || ""; } catch { return; }
  if (!came || document.querySelector("[data-worklist]")) return;
  document.querySelectorAll('a[href$="/admin/referrals/referral/"]').forEach((link) => {
    if (!link.closest("#nav-sidebar")) link.search = came;
  });
})();
