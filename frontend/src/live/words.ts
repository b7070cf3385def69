// The words of the live pages, translated by the server, in <script type="application/json" data-words>.
import { all } from "../dom";
import type { Words } from "./shapes";

let known: Record<string, string> | undefined;

export const language = (): string => document.documentElement.lang || "nl";

export function say(name: string, filled: Record<string, string | number> = {}): string {
  known ??= Object.assign({}, ...all("script[data-words]").map((each) => JSON.parse(each.textContent || "{}") as object)) as Record<string, string>;
  const text = known[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(filled[key] ?? whole));
}

/** Words for one and for more: `name` and `nameOne`. */
export const count = (name: string, number: number, filled: Record<string, string | number> = {}): string =>
  say(number === 1 ? `${name}One` : name, { count: decimal(number), ...filled });

/** A text of the instrument in the language of the page, else in any. */
export const pick = (words: Words | null | undefined): string =>
  (words && (words[language()] || words["nl"] || Object.values(words)[0])) || "";

export const decimal = (value: number): string => value.toLocaleString(language() === "nl" ? "nl-BE" : language(), { maximumFractionDigits: 1 });

export const percent = (part: number, whole: number): string => `${Math.round(whole ? (100 * part) / whole : 0)} %`;

/** How people point at an option: A, B, C. */
export const letter = (index: number): string => String.fromCharCode(65 + index);
