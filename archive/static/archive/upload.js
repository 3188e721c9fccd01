"use strict";
// The browser's side of tus 1.0.0: files go in parts, each with its checksum; after a broken line, a pause or a reload it
// asks the server how far it got and goes on from there. What is unfinished is remembered in this browser by the file's
// name, size and date; the file itself must be chosen again after a reload.
document.addEventListener("DOMContentLoaded", () => {
    const PART_BYTES = 8 * 1024 * 1024;
    const AT_A_TIME = 2;
    const ASK_EVERY_MS = 1500;
    const LONGEST_WAIT_MS = 30_000;
    const MEGABYTE = 1_000_000;

    const form = document.querySelector("[data-ar-upload]");
    if (!form) return;
    const says = form.dataset;
    const list = form.querySelector(".ar-uploads");
    const template = form.querySelector("template");
    const items = form.querySelector("[name=item]"); // “elements.item” is a method
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const prefix = `ar-upload:${says.person}:`;
    const figure = new Intl.NumberFormat(says.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
    const rows = new Map();
    let sending = 0;

    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const megabytes = (bytes) => figure.format(bytes / MEGABYTE);
    const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    const encoded = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
    const keyOf = (file) => `${prefix}${file.name}|${file.size}|${file.lastModified}`;
    const inLanguage = (address) => `${address}?lang=${encodeURIComponent(says.lang)}`;

    class Refused extends Error {}
    class Stopped extends Error {}

    // One request; resolves with the finished XMLHttpRequest, whatever its status. Rejects if the line broke or it was stopped.
    const ask = (row, method, address, headers = {}, body = null) =>
        new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            row.request = request;
            request.open(method, inLanguage(address));
            request.setRequestHeader("Tus-Resumable", "1.0.0");
            request.setRequestHeader("X-CSRFToken", token);
            for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
            request.upload.addEventListener("progress", (event) => row.arrived(row.offset + event.loaded));
            request.addEventListener("load", () => resolve(request));
            request.addEventListener("error", () => reject(new Error("line")));
            request.addEventListener("abort", () => reject(new Stopped()));
            request.send(body);
        });

    const detailOf = (request) => {
        try {
            return JSON.parse(request.responseText).detail || request.statusText;
        } catch {
            return request.statusText || String(request.status);
        }
    };

    const checksumOf = async (part) => {
        if (!window.crypto || !window.crypto.subtle) return null; // only where the page came by https
        const digest = new Uint8Array(await window.crypto.subtle.digest("SHA-256", part));
        return `sha256 ${btoa(String.fromCharCode(...digest))}`;
    };

    class Row {
        constructor(key, kept, file) {
            this.key = key;
            this.kept = kept;
            this.file = file;
            this.offset = 0;
            this.isWanted = file !== null;
            this.isOver = false;
            this.marks = [];
            this.shown = template.content.firstElementChild.cloneNode(true);
            this.part("name").textContent = kept.name;
            this.bar = this.shown.querySelector("progress");
            this.bar.max = kept.size;
            this.bar.setAttribute("aria-label", kept.name);
            this.part("pause").addEventListener("click", () => this.pause());
            this.part("resume").addEventListener("click", () => this.resume());
            this.part("cancel").addEventListener("click", () => this.cancel());
            list.append(this.shown);
            if (file) this.says("waiting");
            else this.missFile();
        }

        part(name) {
            return this.shown.querySelector(`[data-${name}]`);
        }

        says(state, reason = "") {
            this.state = state;
            this.shown.dataset.state = state;
            this.part("state").textContent = says[state];
            this.part("reason").textContent = reason;
            this.part("pause").hidden = !["waiting", "sending"].includes(state);
            this.part("resume").hidden = state !== "paused" || !this.file;
            this.part("cancel").hidden = ["checking", "done", "refused", "cancelled"].includes(state);
        }

        missFile() {
            this.says("paused", says.choose);
        }

        arrived(bytes) {
            const now = performance.now();
            this.marks = this.marks.filter((mark) => now - mark.at < 5000);
            this.marks.push({ at: now, bytes });
            const first = this.marks[0];
            const seconds = (now - first.at) / 1000;
            const done = Math.min(bytes, this.kept.size);
            this.bar.value = done;
            this.part("figures").textContent = filled(seconds > 0.5 ? says.figures : says.arrived, {
                done: megabytes(done),
                whole: megabytes(this.kept.size),
                speed: figure.format(Math.max(0, bytes - first.bytes) / MEGABYTE / (seconds || 1)),
            });
        }

        keep() {
            localStorage.setItem(this.key, JSON.stringify(this.kept));
        }

        forget() {
            localStorage.removeItem(this.key);
        }

        pause() {
            this.isWanted = false;
            this.says("paused");
            if (this.request) this.request.abort();
        }

        resume() {
            this.isWanted = true;
            this.says("waiting");
            work();
        }

        async cancel() {
            this.isWanted = false;
            this.isOver = true;
            if (this.request) this.request.abort();
            this.forget();
            this.says("cancelled");
            if (!this.kept.address) return;
            try {
                const answer = await ask(this, "DELETE", this.kept.address);
                if (answer.status === 409) this.says("checking", detailOf(answer));
            } catch {
                // The server throws it away by itself when it has expired.
            }
        }

        end(state, reason = "") {
            this.isOver = true;
            this.forget();
            this.says(state, reason);
            const page = this.part("page");
            page.href = `${says.page}?q=${encodeURIComponent(this.kept.name)}`;
            page.hidden = false;
        }

        // Sends until all has come. Whatever breaks is tried again, ever later, until somebody pauses it.
        async send() {
            let failures = 0;
            this.says("sending");
            while (this.isWanted) {
                try {
                    await this.begin();
                    await this.findOffset();
                    while (this.isWanted && this.offset < this.kept.size) {
                        await this.sendPart();
                        failures = 0;
                    }
                    if (this.offset >= this.kept.size) {
                        await this.follow();
                        return;
                    }
                } catch (error) {
                    if (error instanceof Stopped) return;
                    if (error instanceof Refused) {
                        this.end("refused", error.message);
                        return;
                    }
                    failures += 1;
                    this.says("sending", error.message === "line" ? says.again : error.message);
                    await wait(Math.min(1000 * 2 ** (failures - 1), LONGEST_WAIT_MS));
                }
            }
        }

        async begin() {
            if (this.kept.address) return;
            const { name, size, item, generation, broadcaster } = this.kept;
            const said = { filename: name, filetype: this.file.type, item, generation, broadcaster: item ? "" : broadcaster };
            const pairs = Object.entries(said).filter(([, text]) => text);
            const answer = await ask(this, "POST", says.endpoint, {
                "Upload-Length": String(size),
                "Upload-Metadata": pairs.map(([key, text]) => `${key} ${encoded(text)}`).join(","),
            });
            if (answer.status !== 201) throw this.failed(answer);
            this.kept.address = new URL(answer.getResponseHeader("Location"), location.href).pathname;
            this.keep();
        }

        async findOffset() {
            const answer = await ask(this, "HEAD", this.kept.address);
            if (answer.status === 404 || answer.status === 410) {
                this.kept.address = "";
                this.forget();
                throw new Error("line"); // begins anew
            }
            if (answer.status !== 200) throw this.failed(answer);
            this.offset = Number(answer.getResponseHeader("Upload-Offset"));
            this.marks = [];
            this.arrived(this.offset);
            this.says("sending");
        }

        async sendPart() {
            const part = await this.file.slice(this.offset, this.offset + PART_BYTES).arrayBuffer();
            const checksum = await checksumOf(part);
            if (!this.isWanted) throw new Stopped();
            const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(this.offset) };
            if (checksum) headers["Upload-Checksum"] = checksum;
            const answer = await ask(this, "PATCH", this.kept.address, headers, part);
            if (answer.status !== 204) throw this.failed(answer);
            this.offset = Number(answer.getResponseHeader("Upload-Offset"));
            this.arrived(this.offset);
        }

        // What may pass is tried again; what the rules refuse is said and over.
        failed(answer) {
            const mayPass = [0, 409, 410, 423, 429, 460].includes(answer.status) || answer.status >= 500;
            return mayPass ? new Error(detailOf(answer)) : new Refused(detailOf(answer));
        }

        async follow() {
            this.says("checking");
            this.keep();
            for (;;) {
                try {
                    const answer = await ask(this, "GET", this.kept.address);
                    if (answer.status === 404) throw new Refused(detailOf(answer));
                    const upload = answer.status === 200 ? JSON.parse(answer.responseText) : {};
                    if (upload.status === "done") return this.end("done");
                    if (upload.status === "refused") return this.end("refused", upload.reason);
                    if (upload.status === "ended") return this.end("cancelled");
                    if (upload.status === "receiving") {
                        this.resume(); // a disk of the server's has lost some
                        return undefined;
                    }
                } catch (error) {
                    if (error instanceof Refused) return this.end("refused", error.message);
                }
                await wait(ASK_EVERY_MS);
            }
        }
    }

    const work = () => {
        for (const row of rows.values()) {
            if (sending >= AT_A_TIME) return;
            if (row.state !== "waiting" || row.isSending) continue;
            sending += 1;
            row.isSending = true;
            row.send().finally(() => {
                sending -= 1;
                row.isSending = false;
                work();
            });
        }
    };

    const add = (file) => {
        const key = keyOf(file);
        const known = rows.get(key);
        if (known && !known.isOver) {
            if (!known.file) {
                known.file = file;
                known.resume();
            }
            return;
        }
        const stored = known ? null : localStorage.getItem(key);
        const row = new Row(
            key,
            stored ? JSON.parse(stored) : {
                name: file.name, size: file.size, address: "", item: items.value,
                generation: form.elements.generation.value, broadcaster: form.elements.broadcaster.value,
            },
            file,
        );
        if (known) known.shown.remove();
        rows.set(key, row);
        if (!file.size) row.end("refused", says.empty);
        else if (file.size > Number(says.max)) row.end("refused", says.large);
        work();
    };

    const addAll = (files) => [...files].forEach(add);

    // What this browser has begun and not finished.
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(prefix))) {
        const kept = JSON.parse(localStorage.getItem(key));
        const row = new Row(key, kept, null);
        rows.set(key, row);
        row.isWanted = false;
        ask(row, "HEAD", kept.address)
            .then((answer) => {
                if (answer.status === 404 || answer.status === 410) {
                    row.forget();
                    rows.delete(key);
                    row.shown.remove();
                    return;
                }
                if (answer.status !== 200) return;
                row.offset = Number(answer.getResponseHeader("Upload-Offset"));
                row.arrived(row.offset);
                if (row.offset >= kept.size) row.follow();
            })
            .catch(() => undefined);
    }

    const drop = form.querySelector("[data-ar-drop]");
    const input = document.createElement("input");
    input.type = "file";
    input.multiple = true;
    input.hasChangeListener = true; // the admin's own script would look for a text field beside it
    drop.append(input);
    input.addEventListener("change", () => {
        addAll(input.files);
        input.value = "";
    });
    for (const name of ["dragenter", "dragover"]) {
        drop.addEventListener(name, (event) => {
            event.preventDefault();
            drop.dataset.over = "";
        });
    }
    for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => delete drop.dataset.over);
    drop.addEventListener("drop", (event) => {
        event.preventDefault();
        addAll(event.dataTransfer.files);
    });
    form.addEventListener("submit", (event) => event.preventDefault());

    // Items are looked for while one types; the first choice, no item, always stays.
    const find = form.querySelector("[data-ar-find]");
    let typing = 0;
    find.addEventListener("input", () => {
        clearTimeout(typing);
        typing = setTimeout(async () => {
            const words = find.value;
            try {
                const answer = await fetch(`${says.items}?${new URLSearchParams({ q: words })}`);
                if (!answer.ok || words !== find.value) return;
                const found = document.createElement("template");
                found.innerHTML = await answer.text();
                const chosen = items.value;
                items.replaceChildren(items.options[0], ...found.content.querySelectorAll("option"));
                items.value = chosen;
                if (items.selectedIndex < 0) items.selectedIndex = 0;
            } catch {
                // Not reachable at the moment: typing on asks again.
            }
        }, 250);
    });
});
