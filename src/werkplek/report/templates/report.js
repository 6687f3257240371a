"use strict";
// Without this script the page is whole: it adds the tables' filter and tells the browser which language is shown.
for (const radio of document.querySelectorAll("input[name=language]")) {
  radio.addEventListener("change", () => {
    document.documentElement.lang = radio.value;
    document.title = radio.dataset.title;
  });
}
for (const box of document.querySelectorAll(".filter")) {
  const rows = [...document.getElementById(box.dataset.table).tBodies[0].rows];
  const input = box.querySelector("input");
  const output = box.querySelector("output");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    output.textContent = shown + " / " + rows.length;
  };
  box.hidden = false;
  input.addEventListener("input", apply);
  apply();
}
