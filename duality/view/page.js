// Lines that come from the same line of the spec light up together, within one procedure.
for (const readings of document.querySelectorAll(".readings")) {
  const mark = (line, on) => {
    if (line === undefined) return;
    for (const row of readings.querySelectorAll(`[data-line="${line}"]`)) row.classList.toggle("lit", on);
  };
  const lineOf = (event) => event.target.closest(".l")?.dataset.line;
  readings.addEventListener("mouseover", (event) => mark(lineOf(event), true));
  readings.addEventListener("mouseout", (event) => mark(lineOf(event), false));
}
// Day, night, or as the system says.
const button = document.querySelector("#theme");
button.hidden = false;
button.addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme.trim() === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
});
