// An answer as it is stored (assessment/values.py), and as it is sent.
import { inert } from "../dom";
import type { Question, Raw } from "../live/shapes";

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? sign);

/** Plain lines as the HTML of a text. */
export const asHtml = (text: string): string =>
  text.split(/\n+/).map((line) => line.trim()).filter(Boolean).map((line) => `<p>${escaped(line)}</p>`).join("");

export const asLines = (html: string): string =>
  Array.from(inert(html.replace(/<br\s*\/?>/g, "\n")).children, (each) => each.textContent ?? "").join("\n");

/** What is sent, for what the server stored. */
export function asRaw(question: Question, stored: unknown): Raw | null {
  if (stored === null || stored === undefined) return null;
  const value = stored as { html?: string; text?: string; percent?: number };
  if (question.kind === "text" || question.kind === "open") return value.html ?? null;
  if (question.kind === "line") return value.text ?? null;
  if (question.kind === "percent") return value.percent ?? null;
  return stored;
}

/** Whether something was answered, a remark alone aside. */
export function isAnswer(raw: Raw): boolean {
  if (raw === null || raw === undefined || raw === "") return false;
  if (typeof raw !== "object") return true;
  const { choice, choices, rows, shares, items } = raw as Record<string, unknown>;
  return [choice !== undefined && choice !== null, ...[choices, rows, shares, items].map((each) => Boolean(each) && Object.keys(each as object).length > 0)].some(Boolean);
}

export const same = (one: Raw, other: Raw): boolean => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
