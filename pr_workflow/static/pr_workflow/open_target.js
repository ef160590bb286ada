/* Whoever comes to one entry of a list by its address finds its first form open. */
(() => {
  const show = () => {
    const entry = location.hash && document.getElementById(location.hash.slice(1));
    const details = entry && entry.querySelector("details[data-pr-first]");
    if (details) details.open = true;
  };
  window.addEventListener("hashchange", show);
  show();
})();
