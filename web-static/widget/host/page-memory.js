// @ts-check

// What the host's page remembers of its widget: whether it is open, its colour, and that its session
// is to end; never who the customer is.
// A page that may not store anything remembers nothing, and all else goes on.

/**
 * For the next page in this tab.
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    sessionStorage.setItem(`maitred:${name}`, value);
  } catch {
    // As above.
  }
}

/**
 * For every page of the site's.
 * @param {string} name
 * @param {string} value
 */
export function keep(name, value) {
  try {
    localStorage.setItem(`maitred:${name}`, value);
  } catch {
    // As above.
  }
}

/** What is kept under a name. @param {string} name */
export function kept(name) {
  try {
    return localStorage.getItem(`maitred:${name}`);
  } catch {
    // As above.
  }
}
