// Not a module: runs before the first paint, so that a remembered theme does not flash.
(function () {
  var theme = null;
  try {
    theme = localStorage.getItem("attribution.theme");
  } catch (e) {
    // storage may be forbidden
  }
  if (theme !== "light" && theme !== "dark") {
    theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  document.documentElement.dataset.theme = theme;
})();
