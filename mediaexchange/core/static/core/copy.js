"use strict";
// Copies what stands in the field that a button names, and says so in the button's own words for a while.
document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copies]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copies);
    field.focus();
    field.select();
    try {
        await navigator.clipboard.writeText(field.value);
    } catch {
        // Not allowed, or no secure connection: what is selected can be copied by hand.
        return;
    }
    const words = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
});
