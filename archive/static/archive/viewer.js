"use strict";
// The viewer of an item: plays, shows where one is as timecode, seeks by key frames, timeline and segments, and marks a
// stretch exact to the frame. Everything it says comes translated with the page; without it the page still plays, shows
// and stores. Keys: Space, arrows, comma and full stop for one frame, I and O to mark.
(() => {
    const RENEW_AFTER_MS = 240_000; // links end after five minutes
    const FRAME_MS = 1000;

    const start = (root) => {
        const facts = JSON.parse(document.getElementById(root.dataset.arViewer).textContent);
        const media = root.querySelector("video, audio");
        const clock = root.querySelector("[data-ar-clock]");
        const line = root.querySelector("[data-ar-line]");
        const head = root.querySelector("[data-ar-head]");
        const marked = root.querySelector("[data-ar-marked]");
        const tip = root.querySelector("[data-ar-tip]");
        const strip = root.querySelector("[data-ar-frames]");
        const pieces = root.querySelector("[data-ar-pieces]");
        const form = root.querySelector("form[data-ar-mark]");
        const rate = facts.rate[0] / facts.rate[1];
        const base = Math.ceil(facts.rate[0] / facts.rate[1]);
        let linkedAt = Date.now();
        let shownMs = null; // what the browser says of the picture on the screen
        let isSought = false; // a frame was asked for and nothing played since: pictures of earlier seeks may come late

        const durationMs = () =>
            facts.duration_ms || (media && Number.isFinite(media.duration) ? media.duration * 1000 : 0);
        const lastFrame = () => Math.max(1, Math.round((durationMs() / FRAME_MS) * rate));
        const frameAt = (ms) => Math.max(0, Math.min(lastFrame() - 1, Math.floor((ms / FRAME_MS) * rate + 0.01)));
        const msOf = (frame) => (frame / rate) * FRAME_MS;
        const nowMs = () => (media ? media.currentTime * 1000 : 0);
        const frameNow = () => frameAt(media && !media.seeking && shownMs !== null ? shownMs : nowMs());

        // SMPTE ST 12-1; numbers are dropped where the file's own timecode drops them.
        const timecode = (frame) => {
            let count = frame + facts.start_frame;
            if (facts.is_drop) {
                const dropped = Math.floor(base / 15);
                const tenMinutes = base * 600 - 9 * dropped;
                const tens = Math.floor(count / tenMinutes);
                const rest = count % tenMinutes;
                const minutes = Math.max(0, Math.floor((rest - dropped) / (base * 60 - dropped)));
                count += dropped * (9 * tens + minutes);
            }
            const two = (number) => String(number).padStart(2, "0");
            const seconds = Math.floor(count / base);
            return (
                `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}` +
                `${facts.is_drop ? ";" : ":"}${two(count % base)}`
            );
        };

        const seek = (ms) => {
            if (!media) return;
            shownMs = null;
            isSought = media.paused;
            media.currentTime = Math.max(0, Math.min(ms, Math.max(0, durationMs() - 1))) / 1000;
            show();
        };
        // To the middle of the frame: no rounding of a player's clock reaches its neighbour.
        const seekFrame = (frame) => seek(msOf(Math.max(0, Math.min(lastFrame() - 1, frame)) + 0.5));

        const show = () => {
            const frame = frameNow();
            const share = durationMs() ? Math.min(1, nowMs() / durationMs()) : 0;
            if (clock) clock.textContent = timecode(frame);
            if (head) head.style.left = `${share * 100}%`;
            if (line) {
                line.setAttribute("aria-valuenow", String(frame));
                line.setAttribute("aria-valuemax", String(lastFrame() - 1));
                line.setAttribute("aria-valuetext", timecode(frame));
            }
            if (strip) {
                const buttons = [...strip.querySelectorAll("button")];
                const at = buttons.findLastIndex((each) => Number(each.dataset.arMs) <= nowMs() + 1);
                buttons.forEach((each, place) => each.setAttribute("aria-current", place === at ? "true" : "false"));
            }
        };

        // ---- marking -------------------------------------------------------------------------------------------
        const field = (name) => form.querySelector(`[name="${name}"]`);
        const said = (name) => form.querySelector(`[data-ar-said="${name}"]`);
        const showMarks = () => {
            if (!form || !media) return; // of what lies on a shelf, frames are typed
            const first = Number(field("in_frame").value);
            const after = Number(field("out_frame").value);
            const isIn = field("in_frame").value !== "";
            const isOut = field("out_frame").value !== "";
            said("in").textContent = isIn ? timecode(first) : "—";
            said("out").textContent = isOut ? timecode(after) : "—";
            const isWhole = isIn && isOut && after > first;
            said("length").textContent = isWhole ? ((after - first) / rate).toFixed(2) : "—";
            form.querySelectorAll("[data-ar-whole]").forEach((each) => {
                each.disabled = !isWhole;
            });
            marked.hidden = !isWhole || !durationMs();
            if (!marked.hidden) {
                marked.style.left = `${(msOf(first) / durationMs()) * 100}%`;
                marked.style.width = `${(msOf(after - first) / durationMs()) * 100}%`;
            }
        };
        const markIn = () => {
            field("in_frame").value = String(frameNow());
            if (field("out_frame").value !== "" && Number(field("out_frame").value) <= frameNow()) field("out_frame").value = "";
            showMarks();
        };
        const markOut = () => {
            field("out_frame").value = String(frameNow() + 1); // the frame that is seen belongs to the stretch
            showMarks();
        };
        const load = (piece) => {
            seekFrame(piece.in);
            if (!form) return;
            field("in_frame").value = String(piece.in);
            field("out_frame").value = String(piece.out);
            for (const [name, value] of Object.entries(piece.texts)) if (field(name)) field(name).value = value;
            field("segment").value = piece.uid;
            form.querySelectorAll("[data-ar-chosen]").forEach((each) => {
                each.disabled = false;
            });
            showMarks();
        };
        const clear = () => {
            form.reset();
            field("segment").value = "";
            form.querySelectorAll("[data-ar-chosen]").forEach((each) => {
                each.disabled = true;
            });
            showMarks();
        };

        // ---- links that end ------------------------------------------------------------------------------------
        const renew = async () => {
            if (!media || !facts.fresh || Date.now() - linkedAt < 5000) return;
            linkedAt = Date.now();
            const at = media.currentTime;
            const wasPlaying = !media.paused;
            try {
                const answer = await fetch(facts.fresh, { credentials: "same-origin" });
                if (!answer.ok) return;
                const fresh = await answer.json();
                if (!fresh.source) return;
                media.src = fresh.source;
                media.load();
                media.addEventListener(
                    "loadedmetadata",
                    () => {
                        media.currentTime = at;
                        if (wasPlaying) media.play().catch(() => {});
                    },
                    { once: true },
                );
            } catch {
                // Not reachable at the moment: the next attempt to play tries again.
            }
        };

        // ---- what is there is wired ------------------------------------------------------------------------------
        if (media) {
            for (const name of ["timeupdate", "seeked", "loadedmetadata", "durationchange"]) media.addEventListener(name, show);
            media.addEventListener("loadedmetadata", () => {
                drawPieces();
                showMarks();
                const at = new URLSearchParams(location.search).get("at");
                if (at && media.currentTime === 0) seekFrame(Number(at));
            });
            media.addEventListener("seeking", () => {
                shownMs = null;
                isSought = media.paused;
            });
            media.addEventListener("error", renew);
            media.addEventListener("play", () => {
                isSought = false;
                if (Date.now() - linkedAt > RENEW_AFTER_MS) renew();
            });
            if (media.requestVideoFrameCallback) {
                const onFrame = (_at, frame) => {
                    if (!(media.paused && isSought)) {
                        shownMs = frame.mediaTime * 1000 + 0.5;
                        show();
                    }
                    media.requestVideoFrameCallback(onFrame);
                };
                media.requestVideoFrameCallback(onFrame);
            }
        }

        const drawPieces = () => {
            if (!pieces || !durationMs()) return;
            pieces.replaceChildren(
                ...facts.segments.map((piece) => {
                    const button = document.createElement("button");
                    button.type = "button";
                    button.className = "ar-piece";
                    button.textContent = piece.title;
                    button.title = `${piece.title} · ${timecode(piece.in)} – ${timecode(piece.out)}`;
                    button.style.left = `${Math.min(100, (msOf(piece.in) / durationMs()) * 100)}%`;
                    button.style.width = `${Math.min(100, (msOf(piece.out - piece.in) / durationMs()) * 100)}%`;
                    button.addEventListener("click", (event) => {
                        event.stopPropagation();
                        load(piece);
                    });
                    button.addEventListener("pointerdown", (event) => event.stopPropagation());
                    return button;
                }),
            );
        };

        if (line) {
            const share = (event) => {
                const box = line.getBoundingClientRect();
                return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
            };
            line.addEventListener("pointerdown", (event) => {
                line.setPointerCapture(event.pointerId);
                seek(share(event) * durationMs());
            });
            line.addEventListener("pointermove", (event) => {
                if (event.buttons) seek(share(event) * durationMs());
                preview(share(event));
            });
            line.addEventListener("pointerleave", () => {
                tip.hidden = true;
            });
        }

        const preview = (share) => {
            if (!tip || !durationMs()) return;
            const ms = share * durationMs();
            tip.hidden = false;
            tip.style.left = `${share * 100}%`;
            tip.querySelector("span").textContent = timecode(frameAt(ms));
            const picture = tip.querySelector("div");
            const sprite = facts.sprite;
            if (!sprite) return;
            const place = Math.min(sprite.count - 1, Math.floor(ms / sprite.every_ms));
            const column = place % sprite.columns;
            const row = Math.floor(place / sprite.columns);
            picture.style.width = `${sprite.width}px`;
            picture.style.height = `${sprite.height}px`;
            picture.style.backgroundImage = `url("${sprite.url}")`;
            picture.style.backgroundPosition = `-${column * sprite.width}px -${row * sprite.height}px`;
        };

        strip?.addEventListener("click", (event) => {
            const button = event.target.closest("button");
            if (button) seek(Number(button.dataset.arMs));
        });
        root.querySelectorAll("[data-ar-seek]").forEach((each) =>
            each.addEventListener("click", () => {
                const piece = facts.segments.find((one) => one.uid === each.dataset.arSeek);
                if (piece) load(piece);
            }),
        );
        root.querySelector("[data-ar-in]")?.addEventListener("click", markIn);
        root.querySelector("[data-ar-out]")?.addEventListener("click", markOut);
        root.querySelector("[data-ar-clear]")?.addEventListener("click", clear);
        form?.addEventListener("input", showMarks);
        form?.addEventListener("submit", () => {
            field("at").value = String(frameNow());
        });

        const toggle = () => (media.paused ? media.play().catch(() => {}) : media.pause());
        const keys = {
            " ": toggle,
            i: () => form && markIn(),
            o: () => form && markOut(),
            ",": () => seekFrame(frameNow() - 1),
            ".": () => seekFrame(frameNow() + 1),
            ArrowLeft: () => seek(nowMs() - 5000),
            ArrowRight: () => seek(nowMs() + 5000),
            Home: () => seek(0),
            End: () => seekFrame(lastFrame() - 1),
        };
        document.addEventListener("keydown", (event) => {
            if (!media || event.ctrlKey || event.metaKey || event.altKey) return;
            const target = event.target;
            if (target.closest("input, textarea, select, [contenteditable], dialog")) return;
            // By the place on the keyboard where the letter is another: Cyrillic keyboards mark, too.
            const places = { KeyI: "i", KeyO: "o", Comma: ",", Period: "." };
            const key = places[event.code] || event.key;
            const isHere = root.contains(target);
            if (event.defaultPrevented || !(key in keys) || (!isHere && ["Home", "End"].includes(key))) return;
            if (key === " " && target.closest("button, a, summary, [role=button], [role=option]")) return;
            if (target === media && [" ", "Home", "End"].includes(key)) return; // its own, and of the buttons in it
            // What scrolls or is chosen from by arrows keeps them; the page as a whole does not scroll sideways.
            const hasArrows = target.closest("[role=tab], [role=menu], [role=listbox], [role=slider], [tabindex='0']");
            if (key.startsWith("Arrow") && hasArrows && !isHere) return;
            event.preventDefault();
            if (target === media) event.stopPropagation(); // the browser's own controls would step as well
            keys[key]();
            // The timeline says by itself where one is; from elsewhere, a step of one frame would pass unheard.
            const said = root.querySelector("[data-ar-told]");
            if (said && target !== line && [",", "."].includes(key)) said.textContent = timecode(frameNow());
        }, true);

        drawPieces();
        show();
        showMarks();
    };

    document.addEventListener("DOMContentLoaded", () => {
        document.querySelectorAll("[data-ar-viewer]").forEach(start);
    });
})();
