"use strict";
// Tables read without this; it only lets a reader order them.
for (const table of document.querySelectorAll(".table table")) {
  const body = table.tBodies[0];
  if (body.rows.length < 3) continue;
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => order(heads, body, head, column));
  });
}

function order(heads, body, head, column) {
  const down = head.getAttribute("aria-sort") === "ascending";
  heads.forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const numeric = head.classList.contains("n");
  const rows = [...body.rows].map((row) => [key(row.cells[column], numeric), row]);
  rows.sort(([a], [b]) => compare(a, b, down ? -1 : 1));
  body.append(...rows.map(([, row]) => row));
}

function key(cell, numeric) {
  if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
  return numeric ? null : cell.textContent;
}

// What has no number stays last, whichever way the rest runs.
function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), undefined, { numeric: true });
}
