"use strict";
// What lists that search say while they do, in the page's language. Select2 finds no file of words of its own where it is
// loaded twice, as by Django's widgets and the theme's on one page; what is set here counts for every list.
(() => {
    const words = document.currentScript.dataset;
    const select2 = window.django && django.jQuery && django.jQuery.fn.select2;
    if (!select2) return;
    select2.defaults.set("language", {
        errorLoading: () => words.failed,
        loadingMore: () => words.more,
        noResults: () => words.none,
        removeAllItems: () => words.removeAll,
        removeItem: () => words.remove,
        search: () => words.search,
        searching: () => words.searching,
    });
})();
