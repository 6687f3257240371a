"use strict";
// Without this script the page is whole: it adds the tables' filter and tells the browser which language is shown.
for (const radio of document.querySelectorAll("input[name=language]")) {
  const tell = () => {
    if (radio.checked) {
      document.documentElement.lang = radio.value;
      document.title = radio.dataset.title;
    }
  };
  radio.addEventListener("change", tell);
  tell(); // a browser that reloads the page may keep the choice
}
for (const box of document.querySelectorAll(".filter")) {
  const table = document.getElementById(box.dataset.table);
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const input = box.querySelector("input");
  const output = box.querySelector("output");
  const all = box.parentElement.querySelector(".all input");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    table.classList.toggle("searching", words.length > 0);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      const folded = row.classList.contains("folded") && !words.length && !all.checked;
      shown += row.hidden || folded ? 0 : 1;
    });
    output.textContent = shown + " / " + rows.length;
  };
  box.hidden = false;
  input.addEventListener("input", apply);
  if (all) all.addEventListener("change", apply);
  apply();
}
