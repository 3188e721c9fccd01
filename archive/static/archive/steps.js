"use strict";
// Asks for the table of steps anew while something is under way; the table itself says whether that is so. An opened log
// stays open. Without this the page shows what was so when it was loaded.
(() => {
    const EVERY_MS = 1500;

    const keepFresh = (box) => {
        const inside = box.querySelector("[data-ar-fresh]");
        const wasAtWork = () => inside.querySelector('[data-ar-steps="working"]') !== null;
        const opened = () =>
            [...inside.querySelectorAll("details[open]")].map((each) => each.closest("[data-ar-step]").dataset.arStep);

        const refresh = async () => {
            if (document.hidden) {
                setTimeout(refresh, EVERY_MS);
                return;
            }
            try {
                const answer = await fetch(box.dataset.arRefresh, { credentials: "same-origin" });
                if (!answer.ok) return;
                const text = await answer.text();
                const open = opened();
                inside.innerHTML = text;
                for (const kind of open) {
                    const log = inside.querySelector(`[data-ar-step="${kind}"] details`);
                    if (log) log.open = true;
                }
            } catch {
                // Not reachable at the moment: ask again later.
            }
            if (wasAtWork()) setTimeout(refresh, EVERY_MS);
            else box.querySelector("[data-ar-reload]").hidden = false;
        };

        if (wasAtWork()) setTimeout(refresh, EVERY_MS);
    };

    document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-ar-refresh]").forEach(keepFresh));
})();
