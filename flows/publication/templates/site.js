// What pages gain where scripts run: tables sorted and filtered, the chosen language kept. Without it all is readable.
(function () {
  "use strict";
  var KEY = "parindex-language";

  function english() {
    var target = location.hash.slice(1);
    return target === "en" || target === "main-en";
  }

  function remembered(value) {
    try {
      if (value) { localStorage.setItem(KEY, value); }
      return localStorage.getItem(KEY);
    } catch (error) {
      return null;  // a browser that keeps nothing for files; the address still says the language
    }
  }

  function tell() {
    document.documentElement.lang = english() ? "en" : "vi";
    if (english()) { remembered("en"); }
    if (location.hash === "#vi") { remembered("vi"); }
  }

  function both(vietnamese, inEnglish) {
    var made = document.createElement("span");
    [["v", "vi", vietnamese], ["e", "en", inEnglish]].forEach(function (one) {
      var part = document.createElement("span");
      part.className = one[0];
      part.lang = one[1];
      part.textContent = one[2] + " ";
      made.appendChild(part);
    });
    return made;
  }

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  }

  function number(text) {
    var found = parseFloat(text.replace("\u2212", "-").replace(/^[^0-9+-]*/, ""));
    return /^\s*([-+±\u2212]|<)?\s*[0-9]/.test(text) ? found : NaN;
  }

  function compare(left, right, numeric, sign) {
    if (!numeric) { return sign * left.localeCompare(right, "vi", { numeric: true }); }
    var a = number(left), b = number(right);
    if (isNaN(a) || isNaN(b)) { return isNaN(a) - isNaN(b); }  // what is no number comes last either way
    return sign * (a - b);
  }

  function sortable(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, place) {
      var button = document.createElement("button"), name = document.createElement("span");
      button.type = "button";
      name.className = "unseen";
      name.appendChild(both("Sắp xếp theo", "Sort by"));
      Array.prototype.forEach.call(head.childNodes, function (part) { name.appendChild(part.cloneNode(true)); });
      button.appendChild(name);
      head.appendChild(document.createTextNode(" "));
      head.appendChild(button);
      button.addEventListener("click", function () {
        var up = head.getAttribute("aria-sort") !== "ascending";
        var body = table.tBodies[0], numeric = head.classList.contains("n");
        var rows = Array.prototype.map.call(body.rows, function (row, order) {
          return { row: row, order: order, text: row.cells[place].textContent.trim() };
        });
        rows.sort(function (a, b) {
          return compare(a.text, b.text, numeric, up ? 1 : -1) || a.order - b.order;
        });
        heads.forEach(function (one) { one.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        rows.forEach(function (one) { body.appendChild(one.row); });
      });
    });
  }

  function field(words, control, tools) {
    var label = document.createElement("label");
    label.appendChild(words);
    label.appendChild(document.createElement("br"));
    label.appendChild(control);
    tools.appendChild(label);
    return control;
  }

  function filterable(table) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var place = table.getAttribute("data-classes");
    var tools = document.createElement("div");
    tools.className = "tools";
    var search = document.createElement("input");
    search.type = "search";
    field(both("Lọc theo chữ", "Filter by text"), search, tools);
    var choice = null;
    if (place) {
      choice = document.createElement("select");
      var kinds = rows.map(function (row) { return row.cells[place].textContent.trim(); });
      kinds = kinds.filter(function (kind, n) { return kind !== "–" && kinds.indexOf(kind) === n; });
      [""].concat(kinds).forEach(function (kind) { choice.add(new Option(kind || "✱", kind)); });
      field(both("Xếp loại", "Class"), choice, tools);
    }
    var count = document.createElement("output");
    count.setAttribute("role", "status");
    tools.appendChild(count);
    var texts = rows.map(function (row) { return plain(row.textContent); });
    function apply() {
      var wanted = plain(search.value.trim()), shown = 0;
      rows.forEach(function (row, n) {
        var kept = texts[n].indexOf(wanted) >= 0;
        if (choice && choice.value) { kept = kept && row.cells[place].textContent.trim() === choice.value; }
        row.hidden = !kept;
        shown += kept;
      });
      count.textContent = "";
      count.appendChild(both(shown + " / " + rows.length + " dòng", shown + " / " + rows.length + " rows"));
    }
    search.addEventListener("input", apply);
    if (choice) { choice.addEventListener("change", apply); }
    apply();
    table.parentNode.parentNode.insertBefore(tools, table.parentNode);
  }

  if (!location.hash && remembered() === "en") { location.replace("#en"); }
  window.addEventListener("hashchange", tell);
  tell();
  Array.prototype.forEach.call(document.querySelectorAll("table[data-sort]"), sortable);
  Array.prototype.forEach.call(document.querySelectorAll("table[data-filter]"), filterable);
}());
