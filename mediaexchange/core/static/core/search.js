"use strict";
// The box works without this as a plain form. With it: "/" comes to the box, arrows walk through what is shown while one
// types, Escape closes it.
(() => {
    const form = document.querySelector("[data-mx-search]");
    if (!form) return;
    const box = form.querySelector("input");
    const shown = form.querySelector("#mx-search-typing");
    let asked = "";
    let waiting = 0;
    let running = null;

    const close = () => {
        shown.hidden = true;
    };

    const ask = async () => {
        const words = box.value.trim();
        if (words === asked) {
            shown.hidden = !shown.childElementCount;
            return;
        }
        asked = words;
        if (running) running.abort();
        if (words.length < 2) {
            close();
            return;
        }
        running = new AbortController();
        try {
            const query = new URLSearchParams({ q: words, typing: "1" });
            const answer = await fetch(`${form.action}?${query}`, { signal: running.signal });
            if (!answer.ok) return;
            shown.innerHTML = await answer.text();
            shown.hidden = document.activeElement !== box;
        } catch (error) {
            if (error.name !== "AbortError") close();
        }
    };

    box.addEventListener("input", () => {
        clearTimeout(waiting);
        waiting = setTimeout(ask, 250);
    });
    box.addEventListener("focus", () => {
        shown.hidden = !(asked && asked === box.value.trim() && shown.childElementCount);
    });
    form.addEventListener("keydown", (event) => {
        if (event.key === "Escape") {
            close();
            box.focus();
            close();
            return;
        }
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        const places = [box, ...(shown.hidden ? [] : shown.querySelectorAll("a"))];
        const step = event.key === "ArrowDown" ? 1 : -1;
        const at = places.indexOf(document.activeElement);
        places[(at + step + places.length) % places.length].focus();
        event.preventDefault();
    });
    document.addEventListener("focusin", (event) => {
        if (!form.contains(event.target)) close();
    });
    document.addEventListener("click", (event) => {
        if (!form.contains(event.target)) close();
    });
    document.addEventListener("keydown", (event) => {
        const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
        if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
            box.focus();
            box.select();
            event.preventDefault();
        }
    });
})();
