// @ts-check

/** What is said outside of the iframe. A language is one more table. */
export const tables = {
  en: {
    open: "Open chat",
    close: "Close chat",
    chat: "Chat",
    unread: "{n} unread",
    failed: "The chat cannot be reached at the moment.",
    retry: "Try again",
  },
  de: {
    open: "Chat öffnen",
    close: "Chat schließen",
    chat: "Chat",
    unread: "{n} ungelesen",
    failed: "Der Chat ist im Augenblick nicht zu erreichen.",
    retry: "Noch einmal versuchen",
  },
  ar: {
    open: "فتح المحادثة",
    close: "إغلاق المحادثة",
    chat: "المحادثة",
    unread: "{n} غير مقروءة",
    failed: "تعذّر الوصول إلى المحادثة حاليًا.",
    retry: "إعادة المحاولة",
  },
};

/** @param {string} locale a BCP 47 tag */
export function textsFor(locale) {
  const language = locale.slice(0, 2).toLowerCase();
  return tables[/** @type {keyof typeof tables} */ (language)] ?? tables.en;
}

/** @param {string} locale */
export function directionOf(locale) {
  return /^(ar|fa|he|ur)\b/i.test(locale) ? "rtl" : "ltr";
}
