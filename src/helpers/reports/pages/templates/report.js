"use strict";
// What makes a page handier: all of it reads without. Words stand in the page, so that this is alike in all editions.
{
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const plain = text => text.normalize("NFKC").toLocaleLowerCase();
  const asked = input => plain(input.value).split(/\s+/).filter(Boolean);
  const holds = (text, words) => words.every(word => text.includes(word));
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // Cells: "< 0.1%", "−1,234", "¥1.2 M", "93.3 万元", "12 days", "3 to 5" are numbers; "2025-01-31" sorts as a word.
  const NUMBER = /^([<>])?\s*([-+−])?\s*(?:[A-Z]{3} |R\$|[¥£€$])?\s*([-+−])?(∞|[\d,]*\.?\d+(?:e[-+−]?\d+)?)\s*(%|万|亿|M\b|bn\b)?(?:[^\d\-/:]\D*|\D*( to |～).*)?$/;
  const SIZES = { "%": 0.01, "万": 1e4, "亿": 1e8, M: 1e6, bn: 1e9 };
  const order = new Intl.Collator("zh", { numeric: true }); // by pinyin
  const text = cell => cell.textContent.trim().replace(/\s+/g, " ");
  const value = shown => {
    const found = NUMBER.exec(shown);
    if (!found) return ["", "–"].includes(shown) ? null : shown;
    const size = found[4] === "∞" ? Infinity : parseFloat(found[4].replaceAll(",", "").replace("−", "-"));
    const signed = size * (SIZES[found[5]] ?? 1) * (/[-−]/.test((found[2] ?? "") + (found[3] ?? "")) ? -1 : 1);
    return signed + (found[1] ? (found[1] === "<" ? -1 : 1) * 1e-9 : 0);
  };
  const rank = key => key === null ? 2 : typeof key === "string" ? 1 : 0; // numbers, words, blanks, either way round
  const compared = (a, b) => typeof a === "string" ? order.compare(a, b) : a === b ? 0 : a - b;

  function sortable(table) {
    const body = table.tBodies[0], first = [...body.rows], heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const next = { ascending: "descending", descending: "" }[head.getAttribute("aria-sort")] ?? "ascending";
        heads.forEach(each => each.removeAttribute("aria-sort"));
        if (next) head.setAttribute("aria-sort", next);
        const turn = next === "descending" ? -1 : 1;
        const keyed = first.map(row => [value(text(row.cells[column])), row]);
        if (next) keyed.sort(([a], [b]) => rank(a) - rank(b) || turn * compared(a, b));
        body.append(...keyed.map(([, row]) => row));
      });
    });
  }

  // A spreadsheet would run a text that begins like a formula; a number's minus is one that it reads.
  const pasted = shown => {
    const key = value(shown);
    if (typeof key === "number") return shown.replaceAll("−", "-");
    return key === null ? "" : /^[=+\-@＝＋－＠]/.test(shown) ? `'${shown}` : shown;
  };

  async function copied(words) {
    try {
      await navigator.clipboard.writeText(words);
    } catch { // not on a page that came over http
      const area = document.createElement("textarea");
      area.value = words;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function handy(box, tools) {
    const table = box.querySelector("table"), rows = [...table.tBodies[0].rows];
    const said = tools.dataset, parts = tools.content.cloneNode(true);
    const filter = parts.querySelector("label"), button = parts.querySelector("button"), status = parts.querySelector("[role]");
    box.querySelector(".kehu-tools").prepend(button, status);
    button.addEventListener("click", async () => {
      const shown = [table.tHead.rows[0], ...table.tBodies[0].rows].filter(row => !row.hidden);
      await copied(shown.map(row => [...row.cells].map(cell => pasted(text(cell))).join("\t")).join("\n"));
      button.focus();
      status.textContent = filled(said.copied, { rows: shown.length - 1 });
    });
    if (!box.querySelector(".kehu-cut")) return;
    box.prepend(filter, status);
    filter.querySelector("input").addEventListener("input", event => {
      const words = asked(event.target);
      rows.forEach(row => { row.hidden = !holds(plain([...row.cells].map(text).join(" ")), words); });
      box.classList.toggle("kehu-found", words.length > 0);
      const found = rows.filter(row => !row.hidden).length;
      status.textContent = words.length ? filled(said.found, { found, rows: rows.length }) : "";
    });
  }

  function searchable(search) {
    const input = search.querySelector("input"), list = search.querySelector("ol"), status = search.querySelector("[role]");
    const places = all("li", document.getElementById("places").content).map(place => [place, plain(place.textContent)]);
    const links = () => all("a", list);
    const told = (place, words) => {
      const shown = place.cloneNode(true), below = shown.querySelector("p");
      const at = plain(below.textContent).indexOf(words[0]), from = Math.max(0, at - 40);
      shown.querySelector("a").after(` · ${place.parentNode.title}`);
      below.textContent = at < 0 ? "" : `${from ? "…" : ""}${below.textContent.slice(from, at + 80)}…`;
      return shown;
    };
    input.addEventListener("input", () => {
      const words = asked(input);
      const found = words.length ? places.filter(([, shown]) => holds(shown, words)) : [];
      const first = ([place]) => holds(plain(place.querySelector("a").textContent), words) ? 0 : 1;
      const best = found.sort((a, b) => first(a) - first(b)).slice(0, 20);
      list.replaceChildren(...best.map(([place]) => told(place, words)));
      status.textContent = words.length ? filled(search.dataset.found, { found: found.length, shown: best.length }) : "";
    });
    search.addEventListener("keydown", event => {
      const stops = [input, ...links()], at = stops.indexOf(document.activeElement);
      const next = { ArrowDown: stops[at + 1], ArrowUp: stops[at - 1], Escape: input }[event.key];
      if (event.key === "Enter" && at === 0) links()[0]?.click();
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    const seek = document.querySelector("a.seek");
    seek.addEventListener("click", event => { event.preventDefault(); input.focus(); });
    search.hidden = seek.hidden = false;
  }

  all(".kehu-rows table").filter(table => table.tHead && table.tBodies[0].rows.length > 1).forEach(sortable);
  all("#tools").forEach(tools => all(".kehu-rows").forEach(box => handy(box, tools)));
  all("#search").forEach(searchable);
  all("a.edition").forEach(link => link.addEventListener("click", () => { link.hash = location.hash; }));
}
