// Mends what keyboards and screen readers miss in mdBook's own page.

// The label that opens the list of pages has the attributes of a button, and no role.
const toggle = document.getElementById("mdbook-sidebar-toggle");
toggle?.setAttribute("role", "button");

// What scrolls sideways on a narrow screen must be reachable by keyboard.
for (const region of document.querySelectorAll(".table-wrapper, figure, pre > code")) {
  if (region.scrollWidth > region.clientWidth) region.setAttribute("tabindex", "0");
}
