// Kazakh for select2, which brings none: what its lists say while they are searched.
(function () {
  const amd = window.jQuery && jQuery.fn && jQuery.fn.select2 && jQuery.fn.select2.amd;
  if (!amd) return;
  amd.define("select2/i18n/kk", [], function () {
    return {
      errorLoading: () => "Нәтижелерді жүктеу мүмкін болмады.",
      inputTooLong: (args) => `Артық таңбалар: ${args.input.length - args.maximum}. Өшіріңіз.`,
      inputTooShort: (args) => `Тағы ${args.minimum - args.input.length} таңба енгізіңіз.`,
      loadingMore: () => "Тағы нәтижелер жүктелуде…",
      maximumSelected: (args) => `Ең көбі ${args.maximum} таңдауға болады.`,
      noResults: () => "Ештеңе табылмады.",
      searching: () => "Іздеуде…",
      removeAllItems: () => "Бәрін алып тастау",
      removeItem: () => "Алып тастау",
      search: () => "Іздеу",
    };
  });
})();
