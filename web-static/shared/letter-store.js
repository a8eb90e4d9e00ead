// @ts-check

/** @typedef {import("./outbox.js").Letter} Letter */
/** @typedef {import("./outbox.js").LetterStore} LetterStore */

const database = "maitred";
const table = "outbox";

/**
 * The best place this browser offers to keep letters: IndexedDB, else localStorage, else memory
 * (private windows and embedded pages may refuse the first two).
 * @param {string} scope keeps the letters of different sites apart
 * @returns {Promise<LetterStore>}
 */
export async function openLetterStore(scope) {
  try {
    return indexed(await openDatabase(), scope);
  } catch {
    return listed(scope, usableStorage());
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(table, { keyPath: ["scope", "cid"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/**
 * @param {IDBDatabase} db
 * @param {string} scope
 * @returns {LetterStore}
 */
function indexed(db, scope) {
  /**
   * @template T
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest<T>} run
   * @returns {Promise<T>}
   */
  const perform = (mode, run) =>
    new Promise((resolve, reject) => {
      const transaction = db.transaction(table, mode);
      const request = run(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  return {
    async all() {
      const kept = await perform("readonly", (store) => store.getAll());
      return kept.filter((row) => row.scope === scope).map(({ scope: _, ...letter }) => letter);
    },
    async put(letter) {
      await perform("readwrite", (store) => store.put({ scope, ...letter }));
    },
    async remove(cid) {
      await perform("readwrite", (store) => store.delete([scope, cid]));
    },
  };
}

/**
 * @param {string} scope
 * @param {Storage | null} storage
 * @returns {LetterStore}
 */
export function listed(scope, storage) {
  const key = `maitred:${scope}:outbox`;
  /** @type {Letter[]} */
  let letters = JSON.parse(storage?.getItem(key) ?? "[]");
  const save = async () => storage?.setItem(key, JSON.stringify(letters));
  return {
    all: async () => letters.map((letter) => ({ ...letter })),
    put(letter) {
      letters = [...letters.filter(({ cid }) => cid !== letter.cid), letter];
      return save();
    },
    remove(cid) {
      letters = letters.filter((letter) => letter.cid !== cid);
      return save();
    },
  };
}

function usableStorage() {
  try {
    localStorage.setItem("maitred:probe", "1");
    localStorage.removeItem("maitred:probe");
    return localStorage;
  } catch {
    return null;
  }
}
