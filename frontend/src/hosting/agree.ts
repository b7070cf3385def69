// What the room agrees on: the options with the spread beside them, and why. What is typed is kept until it is recorded.
import { all, button, make, one } from "../dom";
import type { Spread } from "../live/shapes";
import { count, decimal, letter, percent, pick, say } from "../live/words";
import type { Kept } from "./kept";
import type { HostState, Question } from "./state";

const ARGUMENT = 4_000;

const escaped = (text: string): string => {
  const line = make("p", {}, text);
  return line.outerHTML;
};

/** The options of a choice, each with how many chose it; in a second vote with the first beside it. */
function options(question: Question, spread: Spread): HTMLElement {
  const kind = question.kind === "multi" ? "checkbox" : "radio";
  const lines = question.options.map((option, index) => ({ key: letter(index), value: String(index + 1), words: pick(option), part: spread.counts[index] ?? 0, first: spread.first?.counts[index] }));
  const { extra } = question;
  if (extra) lines.push({ key: "–", value: extra.value, words: pick(extra.label), part: spread.extra, first: spread.first?.extra });
  return make("div", { class: "agree-options" }, ...lines.map(({ key, value, words, part, first }) => {
    const fill = make("span", { class: "bar-fill" });
    fill.style.width = `${spread.answered ? (100 * part) / spread.answered : 0}%`;
    return make("label", { class: "agree-option" },
      make("input", { type: kind, name: "value", value }),
      make("span", { class: "agree-words" }, make("span", { class: "bar-letter" }, key), " ", words),
      make("span", { class: "agree-bar" }, make("span", { class: "bar-track", "aria-hidden": "true" }, fill)),
      make("span", { class: "agree-count" }, make("b", {}, decimal(part)), " ",
        make("span", { class: "soft" }, spread.first ? say("wasFirst", { count: decimal(first ?? 0) }) : percent(part, spread.answered))),
    );
  }));
}

function matrix(question: Question, spread: Spread): HTMLElement {
  return make("div", { class: "agree-rows" }, ...question.rows.map((row) =>
    make("fieldset", { class: "agree-row" }, make("legend", {}, pick(row.label)),
      make("div", { class: "agree-choices" }, ...question.options.map((option, index) =>
        make("label", { class: "agree-choice" }, make("input", { type: "radio", name: `row:${row.id}`, value: String(index + 1) }),
          make("span", {}, pick(option)), make("b", {}, decimal(spread.rows[row.id]?.[index] ?? 0)))),
      ))));
}

function shares(question: Question, spread: Spread): HTMLElement {
  return make("div", { class: "agree-shares" }, ...question.rows.map((row) =>
    make("label", {}, make("span", {}, pick(row.label), " ", make("span", { class: "soft" }, say("mean", { share: decimal(spread.shares[row.id] ?? 0) }))),
      make("input", { type: "number", min: "0", max: String(question.total ?? 100), step: "0.5", inputmode: "decimal", name: `share:${row.id}` }))));
}

function words(question: Question): HTMLElement {
  if (question.kind === "percent") return make("label", {}, say("agreedPercent"), make("input", { type: "number", min: "0", max: "100", name: "text", inputmode: "numeric" }));
  const help = question.kind === "list" ? say("agreedList") : say("agreedWords");
  return make("label", {}, help, question.kind === "line" ? make("input", { name: "text", maxlength: "500" }) : make("textarea", { name: "text", rows: "3" }));
}

function inputs(question: Question, spread: Spread): HTMLElement {
  if (question.kind === "single" || question.kind === "multi") return options(question, spread);
  if (question.kind === "matrix") return matrix(question, spread);
  return question.kind === "shares" ? shares(question, spread) : words(question);
}

function area(name: string, label: string, help = ""): HTMLElement {
  return make("label", { class: "agree-area" }, make("span", {}, label, help ? make("span", { class: "help" }, ` ${help}`) : null),
    make("textarea", { name, rows: "2", maxlength: String(ARGUMENT) }));
}

export class Agreement {
  readonly form: HTMLFormElement;
  private readonly name: string;

  constructor(private readonly state: HostState, private readonly question: Question, spread: Spread, private readonly kept: Kept, changed: () => void, submit: () => void) {
    this.name = `agree:${question.key}`;
    const legend = state.ballot > 1 ? say("agreeSecond") : say("agreeLegend");
    this.form = make("form", { class: "agree", novalidate: "" },
      make("fieldset", { class: "agree-value" }, make("legend", {}, legend), inputs(question, spread)),
      area("reason", say("reason"), say("reasonHelp")),
      make("details", { class: "fold agree-more" }, make("summary", {}, say("arguments")),
        make("div", { class: "agree-arguments" }, area("for", say("argumentsFor")), area("against", say("argumentsAgainst")))),
    );
    this.restore();
    this.form.addEventListener("input", () => {
      this.keep();
      changed();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
  }

  private fields(): (HTMLInputElement | HTMLTextAreaElement)[] {
    return all<HTMLInputElement | HTMLTextAreaElement>("input, textarea", this.form);
  }

  private keep(): void {
    const typed = this.fields().map((field) =>
      field instanceof HTMLInputElement && field.matches("[type=radio], [type=checkbox]") ? (field.checked ? [field.name, field.value] : null) : field.value ? [field.name, field.value] : null);
    const full = typed.filter((each) => each !== null);
    this.kept.set(this.name, full.length ? JSON.stringify(full) : "");
  }

  /** What was typed here before; else what was agreed, when it is changed. */
  private restore(): void {
    let typed: [string, string][] = [];
    try {
      typed = JSON.parse(this.kept.get(this.name) || "[]") as [string, string][];
    } catch {
      // Something else stood there.
    }
    if (!typed.length) typed = this.agreed();
    for (const field of this.fields()) {
      const values = typed.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field instanceof HTMLInputElement && field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
    if (typed.some(([name]) => name === "for" || name === "against")) one<HTMLDetailsElement>("details", this.form)?.setAttribute("open", "");
  }

  private agreed(): [string, string][] {
    const { consensus } = this.state;
    if (!consensus) return [];
    const value = consensus.value as { choice?: unknown; choices?: unknown[]; rows?: Record<string, unknown>; shares?: Record<string, unknown>; percent?: unknown; text?: string };
    const texts: [string, string][] = [["reason", consensus.reason], ["for", consensus.for ?? ""], ["against", consensus.against ?? ""], ["text", value.text ?? String(value.percent ?? "")]];
    return [
      ...(value.choices ?? (value.choice === undefined ? [] : [value.choice])).map((each): [string, string] => ["value", String(each)]),
      ...Object.entries(value.rows ?? {}).map(([row, each]): [string, string] => [`row:${row}`, String(each)]),
      ...Object.entries(value.shares ?? {}).map(([row, each]): [string, string] => [`share:${row}`, String(each)]),
      ...texts.filter(([, text]) => text),
    ];
  }

  private text(name: string): string {
    return one<HTMLInputElement | HTMLTextAreaElement>(`[name="${CSS.escape(name)}"]`, this.form)?.value.trim() ?? "";
  }

  private choices(): (number | string)[] {
    return all<HTMLInputElement>("[name=value]:checked", this.form).map(({ value }) => (/^\d+$/.test(value) ? Number(value) : value));
  }

  private byRow(kind: "row" | "share"): Record<string, number> {
    const found: Record<string, number> = {};
    for (const { id } of this.question.rows) {
      const field = all<HTMLInputElement>(`[name="${CSS.escape(`${kind}:${id}`)}"]`, this.form).find((each) => kind === "share" || each.checked);
      if (field?.value) found[id] = Number(field.value.replace(",", "."));
    }
    return found;
  }

  /** The answer in the shape that the server reads; null when nothing was chosen. */
  value(): unknown {
    const { kind, columns } = this.question;
    const chosen = this.choices();
    const text = this.text("text");
    switch (kind) {
      case "single":
        return chosen.length ? { choice: chosen[0] } : null;
      case "multi":
        return chosen.length ? { choices: chosen } : null;
      case "matrix": {
        const rows = this.byRow("row");
        return Object.keys(rows).length ? { rows } : null;
      }
      case "shares": {
        const given = this.byRow("share");
        return Object.keys(given).length ? { shares: given } : null;
      }
      case "percent":
        return text ? Number(text) : null;
      case "line":
        return text || null;
      case "list": {
        const column = columns[0]?.id ?? "name";
        const items = text.split("\n").map((line) => line.trim()).filter(Boolean).map((line) => ({ [column]: line }));
        return items.length ? { items } : null;
      }
      default:
        return text ? text.split("\n").filter((line) => line.trim()).map(escaped).join("") : null;
    }
  }

  get deed(): Record<string, unknown> {
    return { value: this.value(), reason: this.text("reason"), for: this.text("for"), against: this.text("against") };
  }

  focus(): void {
    one<HTMLElement>("input, textarea", this.form)?.focus();
  }

  /** It was recorded. */
  done(): void {
    this.kept.drop(this.name);
  }
}

/** What was agreed, once it was. */
export function agreedCard(state: HostState, change: () => void): HTMLElement {
  const { consensus } = state;
  return make("section", { class: "agreed-card" },
    make("h2", {}, say("agreedTitle")), make("p", { class: "agreed-words" }, pick(consensus?.text ?? {})),
    consensus?.reason ? make("p", { class: "kept-lines soft" }, consensus.reason) : null,
    make("p", { class: "soft small" }, say("agreedLands")),
    button(say("changeAgreed"), "as-link", change));
}

export const answeredWords = (spread: Spread): string => count("answered", spread.answered);
