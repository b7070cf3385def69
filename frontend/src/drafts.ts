// What was typed and is not yet acknowledged, kept in this browser for its writer alone. Only an acknowledgement, or
// somebody who throws it away, removes it: never its age, which a wrong clock would tell.
import { type Kept, put, putNow, read, remove } from "./kept";
import type { Sent } from "./values";

export type Draft = { field: string; base: number; value: Sent; seen?: Sent; round: number; at: number; tab: string };
/** A draft with the workbook that it belongs to. */
export type Waiting = Draft & { workbook: string };

const LONG = 5000;
const PERSON = "koers:person";
const ASKED = "koers:persist";

const person = (): string => document.body.dataset["user"] ?? "";

/** Note who is signed in, so that pages in other tabs learn that somebody signed in again. */
export function arrive(): void {
  if (!person()) return;
  try {
    localStorage.setItem(PERSON, `${person()} ${Date.now()}`);
  } catch {
    // Storage is closed: the other pages try again by themselves.
  }
}

/** Call back when the writer of this page signs in in another tab. */
export function onReturn(back: () => void): void {
  addEventListener("storage", (event) => {
    if (event.key === PERSON && event.newValue?.split(" ")[0] === person()) back();
  });
}

/** Whether somebody else signed in in this browser since: nothing of this page may be sent in their name. */
export function isTakenOver(): boolean {
  // A questionnaire is of whom it was opened for, whoever signs in beside it: the server looks at that.
  if (document.body.dataset["alone"] !== undefined) return false;
  try {
    const last = localStorage.getItem(PERSON)?.split(" ")[0];
    return last !== undefined && last !== person();
  } catch {
    return false;
  }
}

// Which pages are open: each holds a lock named after itself, which the browser gives free whatever way the page ends.

const LOCK = "koers:page:";

const locks = (): LockManager | undefined => (navigator as { locks?: LockManager }).locks;

/** Hold the lock of a page until it goes; a page that is put aside for “back” lets go as well. */
function live(name: string): Promise<void> {
  const hold = (): Promise<void> =>
    new Promise((held) => {
      const manager = locks();
      if (!manager) return held();
      manager
        .request(LOCK + name, () => {
          held();
          return new Promise<void>((letGo) => addEventListener("pagehide", () => letGo(), { once: true }));
        })
        .catch(() => held());
    });
  addEventListener("pageshow", (event) => event.persisted && void hold());
  return hold();
}

async function open(): Promise<Set<string>> {
  const state = await locks()?.query().catch(() => undefined);
  return new Set((state?.held ?? []).map((lock) => (lock.name ?? "").slice(LOCK.length)));
}

async function alone<T>(work: () => Promise<T>): Promise<T> {
  const manager = locks();
  return manager ? ((await manager.request("koers:claim", work)) as T) : work();
}

const asDraft = ({ field, base, value, seen, round, at, tab }: Kept): Draft => ({
  field, base, value, round, at, tab, ...(seen === undefined ? {} : { seen }),
});

/** What no open page looks after. A page that just closed may still seem open: ask again for a moment. */
async function orphans(workbook?: string): Promise<Kept[]> {
  const found = await read(person(), workbook);
  if (!found.length) return [];
  for (let attempt = 0; ; attempt += 1) {
    const held = await open();
    if (attempt === 2 || !found.some((kept) => held.has(kept.holder))) return found.filter((kept) => !held.has(kept.holder));
    await new Promise((next) => setTimeout(next, 120));
  }
}

/** All that waits for this person in this browser, in any workbook, and that no open page looks after. */
export async function waiting(): Promise<Waiting[]> {
  return (await orphans().catch(() => [])).map((kept) => ({ ...asDraft(kept), workbook: kept.workbook }));
}

/** Remove a draft for good: it stands at the server, or somebody threw it away. */
export async function discard(draft: Waiting): Promise<void> {
  const found = await read(person(), draft.workbook).catch(() => []);
  await remove(found.filter((kept) => kept.field === draft.field && kept.tab === draft.tab));
}

type Step = { at: number; order: number };
/** Apart: claimed while the page had work of its own in that field, of which an acknowledgement says nothing about it. */
type Claim = { order: number; apart: boolean };

export class Drafts {
  private readonly page: string;
  private readonly alive: Promise<void>;
  private order = 0;
  /** What this page kept of each field, in order. */
  private readonly steps = new Map<string, Step[]>();
  private readonly claimed = new Map<Kept, Claim>();
  private readonly own = new Map<string, Kept>();
  private pending = new Map<string, Kept>();
  private writing: Promise<boolean> | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private looking: Promise<Draft[]> | null = null;
  private lasting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly workbook: string, tab: string) {
    // A tab may be duplicated, its name with it: each page is one of its own.
    this.page = `${tab}~${Math.random().toString(36).slice(2, 10)}`;
    this.alive = live(this.page);
  }

  /** False: it could not be kept beyond this page. */
  keep(draft: Draft): Promise<boolean> {
    this.pending.set(draft.field, this.note(draft));
    this.lasting ??= setTimeout(() => void lastLong(), LONG);
    this.writing ??= this.next(async () => {
      const many = [...this.pending.values()];
      this.pending = new Map();
      this.writing = null;
      return !many.length || put(many);
    }).catch(() => false);
    return this.writing;
  }

  /** The last resort of a page that goes: at once, without waiting for anything. */
  keepNow(draft: Draft): boolean {
    this.pending.delete(draft.field);
    return putNow(this.note(draft));
  }

  /** Acknowledged, with the `at` of the draft that was sent: a claimed one, or this page's own with all that led to it. */
  drop(field: string, upTo?: number): Promise<void> {
    const steps = this.steps.get(field) ?? [];
    const claims = [...this.claimed].filter(([kept]) => kept.field === field);
    const limit = upTo === undefined ? Infinity : reached(steps, upTo);
    const exact = steps.some((step) => step.at === upTo) ? [] : claims.filter(([kept]) => kept.at === upTo);
    const covered = claims.filter(([, { order, apart }]) => upTo === undefined || (!apart && order <= limit));
    const gone = (exact.length ? exact : covered).map(([kept]) => kept);
    for (const kept of gone) this.claimed.delete(kept);
    const own = this.own.get(field);
    if (!exact.length) {
      if (own && own.order <= limit) {
        gone.push(own);
        this.own.delete(field);
        this.pending.delete(field);
      }
      this.steps.set(field, steps.filter((step) => step.order > limit));
    }
    if (!this.own.size && !this.claimed.size) {
      clearTimeout(this.lasting);
      this.lasting = undefined;
    }
    return this.next(() => remove(gone)).catch(() => undefined);
  }

  /** The drafts of a field by pages of this person that are no longer open, newest last. */
  async of(field: string): Promise<Draft[]> {
    // The fields of a page all ask at once.
    this.looking ??= this.all().finally(() => setTimeout(() => (this.looking = null)));
    return (await this.looking).filter((draft) => draft.field === field);
  }

  /** Every such draft of this workbook. */
  async all(): Promise<Draft[]> {
    const found = await orphans(this.workbook).catch(() => []);
    return found.filter((kept) => kept.holder !== this.page).map(asDraft);
  }

  /** Look after a draft of a page that is gone; false when another page does so already, or it is no longer there. */
  async claim(draft: Draft): Promise<boolean> {
    await this.alive;
    return alone(async () => {
      const found = (await orphans(this.workbook)).find((kept) => kept.field === draft.field && kept.tab === draft.tab);
      if (!found) return false;
      const mine = { ...found, holder: this.page };
      await put([mine]);
      const apart = this.own.has(draft.field) || [...this.claimed.keys()].some((kept) => kept.field === draft.field);
      this.order += 1;
      this.claimed.set(mine, { order: this.order, apart });
      return true;
    }).catch(() => false);
  }

  private note(draft: Draft): Kept {
    const { field, at } = draft;
    this.order += 1;
    this.steps.set(field, [...(this.steps.get(field) ?? []).slice(-50), { at, order: this.order }]);
    const kept: Kept = { ...draft, person: person(), workbook: this.workbook, tab: this.page, holder: this.page, order: this.order };
    this.own.set(field, kept);
    return kept;
  }

  /** One after the other, so that what is dropped does not come back. */
  private next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

/** How far an acknowledgement reaches: to what was kept last before that moment, also when the clock was set meanwhile. */
function reached(steps: Step[], upTo: number): number {
  return steps.reduce<Step | null>((last, step) => (step.at <= upTo && step.at >= (last?.at ?? -Infinity) ? step : last), null)?.order ?? 0;
}

/** What waits for long should not be swept away when the disk is full. Some browsers ask the person: once is enough. */
async function lastLong(): Promise<void> {
  try {
    if (localStorage.getItem(ASKED)) return;
    localStorage.setItem(ASKED, "1");
    await navigator.storage.persist();
  } catch {
    // It stays as safe as it was.
  }
}
