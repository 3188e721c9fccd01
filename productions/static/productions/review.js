"use strict";
// The review page besides the archive's viewer: N or a button takes the frame that is shown into a note. Timecodes are
// read from the viewer's clock and can be typed as well; without this script they are typed.
(() => {
    const start = (root) => {
        const form = root.querySelector("form[data-pr-note]");
        const clock = root.querySelector("[data-ar-clock]");
        const media = root.querySelector("video, audio");
        if (!form) return;
        const text = form.querySelector("textarea");
        const take = (name) => {
            const field = form.querySelector(`[name="${name}"]`);
            if (!field || !clock) return;
            media?.pause();
            field.value = clock.textContent.trim();
            const told = root.querySelector("[data-ar-told]");
            if (told) told.textContent = `${form.dataset.prNote} ${field.value}`;
        };
        form.querySelectorAll("[data-pr-at]").forEach((button) =>
            button.addEventListener("click", () => take(button.dataset.prAt)),
        );
        document.addEventListener("keydown", (event) => {
            if (event.ctrlKey || event.metaKey || event.altKey) return;
            if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
            // By the place on the keyboard: on Cyrillic ones another letter stands there.
            if (event.code !== "KeyN" && event.key.toLowerCase() !== "n") return;
            event.preventDefault();
            take("in_at");
            text.focus();
        });
        text.addEventListener("keydown", (event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
        });
    };
    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("[data-pr-review]").forEach(start);
    });
})();
