(function () {
  "use strict";
  var slides = Array.prototype.slice.call(document.querySelectorAll(".slide"));
  var where = document.getElementById("where");
  var at = 0;

  // A figure is laid out at a width at which its text reads, then scaled as a whole into the slide.
  function fit(box) {
    var figure = box.querySelector(".aiir-figure");
    var plot = box.querySelector(".js-plotly-plot");
    if (!figure || !plot || !box.clientWidth) { return; }
    var height = plot.layout.height;
    var scale = Math.min(box.clientHeight / height, box.clientWidth / 860, 1.6);
    var width = Math.round(box.clientWidth / scale);
    plot.dataset.fixed = "true";
    figure.style.width = width + "px";
    figure.style.transform = "scale(" + scale + ")";
    Plotly.relayout(plot, {width: width, autosize: false});
  }
  function fitAll() { document.querySelectorAll(".fill").forEach(fit); }

  function show(number, keepsHash) {
    at = Math.max(0, Math.min(slides.length - 1, number));
    slides.forEach(function (slide, place) {
      slide.classList.toggle("shown", place === at);
      slide.setAttribute("aria-hidden", place === at ? "false" : "true");
      slide.inert = place !== at;
    });
    where.textContent = (at + 1) + " / " + slides.length;
    if (!keepsHash) { history.replaceState(null, "", "#" + (at + 1)); }
  }

  document.addEventListener("keydown", function (event) {
    if (/^(INPUT|TEXTAREA|BUTTON)$/.test(event.target.tagName) && event.key !== "Escape") {
      if (event.target.type !== "radio" || event.key === " " || event.key.indexOf("Arrow") === 0) { return; }
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") { event.target.blur(); return; }
    var next = {ArrowRight: at + 1, ArrowDown: at + 1, PageDown: at + 1, " ": at + 1, Enter: at + 1,
      ArrowLeft: at - 1, ArrowUp: at - 1, PageUp: at - 1, Home: 0, End: slides.length - 1}[event.key];
    if (next === undefined) { return; }
    event.preventDefault();
    show(next);
  });
  document.getElementById("back").addEventListener("click", function () { show(at - 1); });
  document.getElementById("next").addEventListener("click", function () { show(at + 1); });
  document.getElementById("print").addEventListener("click", function () { window.print(); });
  window.addEventListener("resize", fitAll);
  window.addEventListener("hashchange", function () { show(parseInt(location.hash.slice(1), 10) - 1 || 0, true); });
  document.body.classList.add("ready");
  show(parseInt(location.hash.slice(1), 10) - 1 || 0, true);
  fitAll();
})();
