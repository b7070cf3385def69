// What the server says of a live workshop (assessment/live/state.py): one state for all screens, and one's own.

export type Words = Record<string, string>;

export interface Named {
  id: string;
  label: Words;
}

export interface Column extends Named {
  kind?: string;
  options?: Words[];
}

export interface Question {
  key: string;
  kind: "text" | "open" | "line" | "single" | "multi" | "matrix" | "list" | "percent" | "shares";
  number: string;
  dimension: Words;
  label: Words;
  help: Words;
  options: Words[];
  extra: { value: string; label: Words } | null;
  rows: Named[];
  columns: Column[];
  total: number | null;
  remark: boolean;
  index: number;
  of: number;
}

export interface Tally {
  answered: number;
  counts: number[];
  extra: number;
  rows: Record<string, number[]>;
  shares: Record<string, number>;
  /** Of a percentage. */
  percent?: { low: number; middle: number; high: number } | null;
}

export interface RoleTally extends Tally {
  role: string;
  label: Words;
}

export interface Spread extends Tally {
  roles: RoleTally[];
  first: (Tally & { roles?: RoleTally[] }) | null;
}

export interface Idea {
  id: number;
  text: string;
  kind: string;
  points: number | null;
}

export interface Step {
  id: number;
  kind: "welcome" | "terms" | "questions" | "ideas" | "ranking" | "break" | "closing";
  title: Words;
  position: number;
  count: number;
  idea_kind?: string;
}

export interface Timer {
  ends: number | null;
  left: number | null;
}

export interface State {
  v: number;
  id: string;
  title: string;
  status: "planned" | "open" | "ended";
  door: boolean;
  step: Step | null;
  phase: "waiting" | "voting" | "shown" | "agreed" | "collecting" | "ranking";
  ballot: number;
  question: Question | null;
  timer: Timer | null;
  now: number;
  joined: number;
  voted: number;
  spread: Spread | null;
  consensus: { value: unknown; text: Words; reason: string } | null;
  ideas: Idea[];
}

export interface Count {
  v: number;
  joined: number;
  voted: number;
  ideas: number;
}

/** Ideas that came and went; of one that changed, the new is added. */
export interface IdeasChange {
  v: number;
  added: Idea[];
  gone: number[];
}

/** The ideas with a change to them, in the order in which they came. */
export function withChange(ideas: Idea[], { added, gone }: IdeasChange): Idea[] {
  const away = new Set([...gone, ...added.map((idea) => idea.id)]);
  return [...ideas.filter((idea) => !away.has(idea.id)), ...added].sort((one, other) => one.id - other.id);
}

export interface Mine {
  seat: { role: string; size: number };
  yours: { value: unknown; ideas: number[]; points: Record<string, number> };
}

/** An answer as it is sent: `assessment.values` reads it. */
export type Raw = unknown;
