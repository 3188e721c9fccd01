// Adds the shares up while they are typed; hundredths are whole numbers, so nothing is rounded.
"use strict";
const total = document.querySelector("[data-total]");
const shares = [...document.querySelectorAll("[data-share]")];
const separator = (total?.textContent ?? "").includes(",") ? "," : ".";
const hundredths = (text) => {
    const number = Number(text.trim().replace(",", "."));
    return Number.isFinite(number) ? Math.round(number * 100) : 0;
};
const add = () => {
    const sum = shares.reduce((so_far, field) => so_far + hundredths(field.value), 0);
    total.textContent = (sum / 100).toFixed(2).replace(".", separator);
    total.classList.toggle("ar-error", sum !== 10000);
    total.classList.toggle("ar-done", sum === 10000);
};
if (total) {
    shares.forEach((field) => field.addEventListener("input", add));
    add();
}
