// Where drafts are kept in this browser: IndexedDB; when that is closed or full, localStorage; else only this page's memory.
import type { Sent } from "./values";

export type Kept = {
  person: string;
  workbook: string;
  field: string;
  /** The page that wrote it: with the field, the key. */
  tab: string;
  /** The page that looks after it now; somebody else's when its writer is gone. */
  holder: string;
  /** The how manieth of its writer: what is newest is never read from a clock. */
  order: number;
  base: number;
  value: Sent;
  seen?: Sent;
  round: number;
  at: number;
};

const STORE = "drafts";
const PATIENCE = 3000;
const REST = 30_000;
const PREFIX = "koers:waiting:";
const FORMER = "koers:draft:";

const memory = new Map<string, Kept>();

const keyOf = (kept: Kept): string[] => [kept.person, kept.workbook, kept.field, kept.tab];
const nameOf = (kept: Kept): string => `${PREFIX}${kept.person}:${kept.workbook}:${kept.tab}:${kept.field}`;

let closedUntil = 0;

/** A browser that never answers is one that has closed it: not asked again for a while. */
function within<T>(work: Promise<T>): Promise<T> {
  return new Promise((settle, fail) => {
    const late = setTimeout(() => {
      closedUntil = performance.now() + REST;
      fail(new Error("late"));
    }, PATIENCE);
    void work.then(settle, fail).finally(() => clearTimeout(late));
  });
}

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  if (performance.now() < closedUntil) return Promise.reject(new Error("closed"));
  opened ??= within(new Promise<IDBDatabase>((settle, fail) => {
    const asked = indexedDB.open("koers", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: ["person", "workbook", "field", "tab"] });
    asked.onerror = () => fail(asked.error);
    asked.onsuccess = () => {
      const made = asked.result;
      made.onversionchange = () => made.close();
      made.onclose = () => (opened = null);
      settle(made);
    };
  })).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T> | null): Promise<T | undefined> {
  const base = await database();
  return within(new Promise<T | undefined>((settle, fail) => {
    let turn: IDBTransaction;
    try {
      turn = base.transaction(STORE, mode);
    } catch (error) {
      // It was closed under us: the next one opens it again.
      opened = null;
      throw error;
    }
    const asked = work(turn.objectStore(STORE));
    turn.oncomplete = () => settle(asked?.result);
    turn.onabort = turn.onerror = () => fail(turn.error);
  }));
}

export function putNow(kept: Kept): boolean {
  try {
    localStorage.setItem(nameOf(kept), JSON.stringify(kept));
    memory.delete(nameOf(kept));
    return true;
  } catch {
    memory.set(nameOf(kept), kept);
    return false;
  }
}

/** Its page may have written something newer there meanwhile. */
function forget(kept: Kept): void {
  memory.delete(nameOf(kept));
  try {
    const there = parsed(localStorage.getItem(nameOf(kept)));
    if (there && Number(there["order"]) <= kept.order) localStorage.removeItem(nameOf(kept));
  } catch {
    // Storage is closed: nothing stands there.
  }
}

/** Whether it outlives this page. */
export async function put(many: Kept[]): Promise<boolean> {
  try {
    await inStore("readwrite", (store) => {
      for (const kept of many) store.put(kept);
      return null;
    });
    many.forEach(forget);
    return true;
  } catch {
    return many.map(putNow).every(Boolean);
  }
}

export async function remove(many: Kept[]): Promise<void> {
  if (!many.length) return;
  many.forEach(forget);
  await inStore("readwrite", (store) => {
    for (const kept of many) store.delete(keyOf(kept));
    return null;
  }).catch(() => undefined);
}

function parsed(text: string | null): Record<string, unknown> | null {
  try {
    const found: unknown = JSON.parse(text ?? "");
    return typeof found === "object" && found !== null ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What stands in localStorage: the last resort of a page that closed, and drafts as they were kept before. */
function readNow(person: string): { found: Kept[]; former: string[] } {
  const found: Kept[] = [];
  const former: string[] = [];
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(`${PREFIX}${person}:`)) {
        const kept = parsed(localStorage.getItem(name));
        if (kept) found.push(kept as unknown as Kept);
      } else if (name.startsWith(`${FORMER}${person}:`)) {
        const [, workbook = "", field = "", base = ""] = /^([^:]+):(.+):(\d+)$/.exec(name.slice(FORMER.length + person.length + 1)) ?? [];
        const kept = parsed(localStorage.getItem(name));
        if (!field || !kept || kept["value"] === undefined) continue;
        const tab = `before-${base}`;
        found.push({ person, workbook, field, tab, holder: tab, order: 0, base: Number(base), value: kept["value"] as Sent, round: 1, at: Number(kept["at"]) || 0 });
        former.push(name);
      }
    }
  } catch {
    // Storage is closed.
  }
  return { found, former };
}

/** Everything that waits for a person, oldest first; what stood in localStorage moves to where there is room for it. */
export async function read(person: string, workbook?: string): Promise<Kept[]> {
  const start = workbook === undefined ? [person] : [person, workbook];
  const stored = await inStore<Kept[]>("readonly", (store) => store.getAll(IDBKeyRange.bound(start, [...start, []]))).catch(() => []);
  const newest = new Map<string, Kept>();
  const { found, former } = readNow(person);
  const own = [...memory.values()].filter((kept) => kept.person === person);
  for (const kept of [...(stored ?? []), ...found, ...own]) {
    if (workbook !== undefined && kept.workbook !== workbook) continue;
    const there = newest.get(nameOf(kept));
    if (!there || kept.order >= there.order) newest.set(nameOf(kept), kept);
  }
  const moving = found.filter((kept) => newest.get(nameOf(kept)) === kept);
  if (moving.length && (await put(moving))) former.filter((name) => !workbook || name.includes(`:${workbook}:`)).forEach((name) => localStorage.removeItem(name));
  return [...newest.values()].sort((one, other) => one.at - other.at || one.order - other.order);
}
