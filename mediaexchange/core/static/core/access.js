"use strict";
// Libraries draw some controls without a name. They get that of the field they stand in, also when they are drawn later.
(() => {
    const words = (element) => element.textContent.replace(/\s+/g, " ").replace(/\*\s*$/, "").trim();

    const headOf = (control) => {
        const cell = control.closest("td");
        const table = cell && cell.closest("table");
        const heads = table ? table.querySelectorAll("thead tr:last-child th, thead tr:last-child td") : [];
        return cell && heads[cell.cellIndex] ? heads[cell.cellIndex] : null;
    };

    const nameOf = (control) => {
        const own = control.id && document.querySelector(`label[for="${CSS.escape(control.id)}"]`);
        const first = control.id && document.querySelector(`label[for="${CSS.escape(control.id.replace(/_\d+$/, ""))}"], label[for="${CSS.escape(`${control.id.replace(/_\d+$/, "")}_0`)}"]`);
        const row = control.closest(".field-line, .form-row, .field-row, [class*='field-']");
        const label = own || first || headOf(control) || (row && row.querySelector("label"));
        return label ? words(label) : "";
    };

    const isNamed = (control) =>
        control.getAttribute("aria-label") || control.getAttribute("aria-labelledby") || control.title || (control.labels && control.labels.length);

    const name = () => {
        for (const control of document.querySelectorAll("input:not([type=hidden]):not([type=submit]), select, textarea")) {
            if (control.closest(".select2-container") || isNamed(control)) continue;
            const said = nameOf(control);
            if (said) control.setAttribute("aria-label", said);
        }
        for (const box of document.querySelectorAll(".select2-container")) {
            const select = box.previousElementSibling;
            const said = select && (select.getAttribute("aria-label") || nameOf(select));
            if (!said) continue;
            for (const part of box.querySelectorAll(".select2-selection, .select2-selection__rendered[role], .select2-search__field")) {
                if (part.getAttribute("aria-label") !== said) {
                    part.setAttribute("aria-label", said);
                    part.removeAttribute("aria-labelledby"); // it names only what is chosen
                }
            }
        }
        for (const cell of document.querySelectorAll("td[data-label], th[data-label]")) {
            const said = cell.dataset.label; // the heading of a card: one capital, wherever the words come from
            if (said) cell.dataset.label = said[0].toLocaleUpperCase() + said.slice(1);
        }
        for (const sign of document.querySelectorAll("span.help-tooltip[aria-label]:not([role])")) sign.setAttribute("role", "img");
        for (const list of document.querySelectorAll(".ar-scroll, .mx-scroll, .overflow-x-auto, .overflow-auto, pre")) {
            const scrolls = list.scrollWidth > list.clientWidth || list.scrollHeight > list.clientHeight;
            if (scrolls && !list.hasAttribute("tabindex")) list.tabIndex = 0; // arrows move it
        }
    };

    // The menu's signs answer clicks alone; with these they are buttons for keys as well.
    const press = () => {
        const said = document.getElementById("mx-words")?.dataset.menu || "";
        for (const sign of document.querySelectorAll("#header-inner .material-symbols-outlined")) {
            if (![...sign.attributes].some(({ name: each }) => /^(x-on:|@)click/.test(each)) || sign.hasAttribute("role")) continue;
            sign.setAttribute("role", "button");
            sign.setAttribute("aria-label", said);
            sign.tabIndex = 0;
            sign.addEventListener("keydown", (event) => {
                if (event.key !== "Enter" && event.key !== " ") return;
                event.preventDefault();
                sign.click();
            });
        }
    };

    // What a page says when it opens is not read out by itself: said once more where readers listen, and only for a while.
    const SAID_AFTER_MS = 300;
    const SAID_FOR_MS = 10_000;
    const say = () => {
        const place = document.getElementById("mx-said");
        const lines = [...document.querySelectorAll("#mx-messages li")].map(words);
        if (!place || !lines.length) return;
        setTimeout(() => {
            place.textContent = lines.join(" ");
            setTimeout(() => place.replaceChildren(), SAID_FOR_MS);
        }, SAID_AFTER_MS);
    };

    let waiting = 0;
    const soon = () => {
        clearTimeout(waiting);
        waiting = setTimeout(name, 50);
    };
    document.addEventListener("DOMContentLoaded", () => {
        name();
        press();
        say();
        new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
        addEventListener("resize", name);
    });
})();
