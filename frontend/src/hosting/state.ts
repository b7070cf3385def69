// What the server tells a console (assessment/live/state.py): the public state, and what only a host sees.
import type { Question, State, Words } from "../live/shapes";

export interface AgendaStep {
  id: number;
  kind: string;
  title: Words;
  minutes: number;
  position: number;
  done: boolean;
  idea_kind: string;
  questions: { key: string; label: Words; state: string }[];
}

export interface HostIdea {
  id: number;
  text: string;
  kind: string;
  hidden: boolean;
  merged: number | null;
  placed: string;
  points: number | null;
}

export interface HostState extends State {
  step: (NonNullable<State["step"]> & { minutes: number; idea_kind: string }) | null;
  consensus: { value: Record<string, unknown>; text: Words; reason: string; for?: string; against?: string } | null;
  code: string;
  code_expires: number | null;
  join_url: string;
  screen_url: string;
  agenda: AgendaStep[];
  note: string;
  roles_joined: Record<string, number>;
  all_ideas: HostIdea[];
  texts?: string[];
}

export type { Question };

export const MOST_BALLOTS = 2;

/** Do something; whether it was done. The state that comes back has been taken by then. */
export type Act = (deed: string, more?: Record<string, unknown>) => Promise<boolean>;

/** The step after the present one. */
export function following(state: HostState): AgendaStep | null {
  const at = state.agenda.findIndex((each) => each.id === state.step?.id);
  return state.agenda[at + 1] ?? null;
}

export const answers = (kind: string): boolean => ["single", "multi", "matrix", "shares", "percent"].includes(kind);
