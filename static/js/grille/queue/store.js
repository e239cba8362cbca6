/* What rests in the browser: one row per tab and CE, with opaque identifiers and a sealed value (R-SCO-3).
 * Where IndexedDB is refused, a Map stands in: the page then says so and asks before it is closed.
 */

const NAME = "parchemin-saisies";
const ROWS = "rows";

let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const rows = request.result.createObjectStore(ROWS, { keyPath: ["grille", "critere", "tab"] });
      rows.createIndex("person", "person");
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function run(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(ROWS, mode, { durability: "strict" });
    const request = work(transaction.objectStore(ROWS));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const put = (row) => run("readwrite", (rows) => rows.put(row));
export const remove = ({ grille, critere, tab }) => run("readwrite", (rows) => rows.delete([grille, critere, tab]));
export const rowsOf = (person) => run("readonly", (rows) => rows.index("person").getAll(person));

/** Move a row to another tab, both steps or none. */
export const move = (row, tab) =>
  run("readwrite", (rows) => {
    rows.delete([row.grille, row.critere, row.tab]);
    return rows.put({ ...row, tab });
  });

const MOVES = "parchemin.clock.";

/** Where the moves of a clock that wait are kept, under the name of whoever made them. */
export const movesKey = ({ person, soutenance, grille }) => `${MOVES}${[person, soutenance, grille].join(".")}`;

/** [{soutenance, grille}], one per move of a clock that `person` made and that waits. */
export function movesOf(person) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${MOVES}${person}.`));
    return keys.flatMap((key) => {
      const [soutenance, grille] = key.slice(MOVES.length).split(".").slice(1);
      return JSON.parse(localStorage.getItem(key)).map(() => ({ soutenance, grille }));
    });
  } catch {
    return []; // refused by the browser, or written by something else
  }
}
