// The answer to a question: what is touched on a phone. Every kind is a fieldset or a labelled field.
import { button, make } from "../dom";
import type { Question, Raw } from "../live/shapes";
import { decimal, letter, pick, say } from "../live/words";
import { asHtml, asLines } from "./values";

export interface Answering {
  element: HTMLElement;
  /** What would be sent; null: nothing yet. */
  read(): Raw;
  /** Why it cannot be sent yet, in words; empty when it can. */
  problem(): string;
  /** Choosing is sending: no button. */
  atOnce: boolean;
}

type Make = (question: Question, value: Raw, changed: () => void) => Answering;
type Choice = number | string;

const legend = (question: Question): HTMLElement => make("legend", { class: "visually-hidden" }, pick(question.label));

function option(type: "radio" | "checkbox", name: string, value: string, checked: boolean, mark: string, label: string, other = false): HTMLLabelElement {
  const input = make("input", { type, name, value });
  input.checked = checked;
  return make("label", { class: `pick${other ? " other" : ""}` }, input, make("span", { class: "pick-letter", "aria-hidden": "true" }, mark), make("span", { class: "pick-text" }, label));
}

const checked = (within: HTMLElement): string[] =>
  Array.from(within.querySelectorAll<HTMLInputElement>("input:checked"), (each) => each.value);

const numbered = (value: string): Choice => (/^\d+$/.test(value) ? Number(value) : value);

const options = (question: Question, type: "radio" | "checkbox", chosen: Choice[]): HTMLElement =>
  make(
    "fieldset",
    { class: "picks" },
    legend(question),
    ...question.options.map((each, index) => option(type, "answer", String(index + 1), chosen.includes(index + 1), letter(index), pick(each))),
    question.extra && option(type, "answer", question.extra.value, chosen.includes(question.extra.value), "–", pick(question.extra.label), true),
  );

const single: Make = (question, value, changed) => {
  const { choice } = (value ?? {}) as { choice?: Choice };
  const element = options(question, "radio", choice === undefined ? [] : [choice]);
  element.addEventListener("change", changed);
  return {
    element,
    atOnce: true,
    problem: () => "",
    read: () => {
      const [one] = checked(element);
      return one === undefined ? null : { choice: numbered(one) };
    },
  };
};

const multi: Make = (question, value, changed) => {
  const { choices = [] } = (value ?? {}) as { choices?: Choice[] };
  const element = options(question, "checkbox", choices);
  element.prepend(make("p", { class: "hint" }, say("severalHint")));
  element.addEventListener("change", (event) => {
    // "Don't know" stands alone.
    const at = event.target as HTMLInputElement;
    if (at.checked && question.extra) {
      const alone = at.value === question.extra.value;
      for (const each of element.querySelectorAll("input")) if (each !== at && (alone || each.value === question.extra.value)) each.checked = false;
    }
    changed();
  });
  return {
    element,
    atOnce: false,
    problem: () => (checked(element).length ? "" : say("chooseFirst")),
    read: () => {
      const chosen = checked(element).map(numbered);
      return chosen.length ? { choices: chosen } : null;
    },
  };
};

/** Columns stand side by side when their words fit on a phone. */
const isWide = (question: Question): boolean =>
  question.options.length > 5 || question.options.some((each) => pick(each).split(/[\s-]+/).some((word) => word.length > 12) || pick(each).length > 26);

const matrix: Make = (question, value, changed) => {
  const { rows = {} } = (value ?? {}) as { rows?: Record<string, number> };
  const sets = question.rows.map((row) =>
    make(
      "fieldset",
      { class: "segment-row", "data-row": row.id },
      make("legend", {}, pick(row.label)),
      make(
        "span",
        { class: `segments${isWide(question) ? " stacked" : ""}` },
        ...question.options.map((each, index) => {
          const input = make("input", { type: "radio", name: `row-${row.id}`, value: String(index + 1) });
          input.checked = rows[row.id] === index + 1;
          return make("label", { class: "segment" }, input, make("span", {}, pick(each)));
        }),
      ),
    ),
  );
  const element = make("fieldset", { class: "matrix" }, legend(question), ...sets);
  element.addEventListener("change", changed);
  const read = (): Record<string, number> =>
    Object.fromEntries(sets.flatMap((each) => checked(each).map((one) => [each.dataset["row"] ?? "", Number(one)] as const)));
  return {
    element,
    atOnce: false,
    problem: () => (Object.keys(read()).length ? "" : say("chooseFirst")),
    read: () => (Object.keys(read()).length ? { rows: read() } : null),
  };
};

const STEP = 5;

const shares: Make = (question, value, changed) => {
  const total = question.total ?? 100;
  const { shares: given = {} } = (value ?? {}) as { shares?: Record<string, number> };
  const inputs = question.rows.map((row) => make("input", { type: "text", inputmode: "decimal", maxlength: "5", autocomplete: "off", id: `share-${row.id}`, value: decimal(given[row.id] ?? 0), "data-row": row.id }));
  const of = (input: HTMLInputElement): number => Number(input.value.replace(",", ".")) || 0;
  const sum = (): number => inputs.reduce((all, each) => all + of(each), 0);
  const step = (input: HTMLInputElement, by: number): void => {
    input.value = decimal(Math.max(0, Math.min(total, Math.round((of(input) + by) / STEP) * STEP)));
    changed();
  };
  const element = make(
    "fieldset",
    { class: "steppers" },
    legend(question),
    ...question.rows.map((row, index) => {
      const input = inputs[index] as HTMLInputElement;
      const press = (words: string, sign: string, by: number): HTMLButtonElement => {
        const made = button(sign, "step-button", () => step(input, by));
        made.setAttribute("aria-label", `${words}: ${pick(row.label)}`);
        return made;
      };
      return make(
        "div",
        { class: "stepper-row" },
        make("label", { for: input.id }, pick(row.label)),
        make("span", { class: "stepper" }, press(say("less"), "−", -STEP), make("span", { class: "stepper-value" }, input, make("span", { "aria-hidden": "true" }, "%")), press(say("more"), "+", STEP)),
      );
    }),
  );
  element.addEventListener("input", changed);
  return {
    element,
    atOnce: false,
    problem: () => {
      const over = sum() - total;
      return over === 0 ? "" : over < 0 ? say("sharesLeft", { rest: decimal(-over) }) : say("sharesMore", { rest: decimal(over) });
    },
    read: () => (sum() ? { shares: Object.fromEntries(inputs.map((each) => [each.dataset["row"] ?? "", of(each)])) } : null),
  };
};

const percent: Make = (question, value, changed) => {
  const slider = make("input", { type: "range", min: "0", max: "100", step: "5", id: "percent" });
  const number = make("input", { type: "text", inputmode: "numeric", maxlength: "3", autocomplete: "off", "aria-label": say("percentage") });
  let touched = typeof value === "number";
  slider.value = typeof value === "number" ? String(value) : "50";
  number.value = typeof value === "number" ? String(value) : "";
  slider.addEventListener("input", () => {
    number.value = slider.value;
    touched = true;
    changed();
  });
  number.addEventListener("input", () => {
    touched = number.value.trim() !== "";
    if (touched) slider.value = number.value;
    changed();
  });
  const read = (): number | null => (touched && /^\d{1,3}$/.test(number.value.trim()) ? Number(number.value) : null);
  slider.setAttribute("aria-label", pick(question.label));
  return {
    element: make("div", { class: "slider" }, make("span", { class: "slider-number" }, number, make("span", { "aria-hidden": "true" }, "%")), slider, make("span", { class: "slider-ends", "aria-hidden": "true" }, make("span", {}, "0 %"), make("span", {}, "100 %"))),
    atOnce: false,
    problem: () => {
      const at = read();
      return at === null || at > 100 ? say("percentFirst") : "";
    },
    read,
  };
};

const text: Make = (question, value, changed) => {
  const rich = question.kind !== "line";
  const area = make("textarea", { rows: rich ? "5" : "2", maxlength: rich ? "4000" : "500", "aria-label": pick(question.label) });
  area.value = typeof value === "string" ? (rich ? asLines(value) : value) : "";
  area.addEventListener("input", changed);
  return {
    element: make("div", { class: "open-text" }, area, make("p", { class: "hint" }, say("textSeen"))),
    atOnce: false,
    problem: () => (area.value.trim() ? "" : say("writeFirst")),
    read: () => {
      const written = area.value.trim();
      return written ? (rich ? asHtml(written) : written.replace(/\s+/g, " ")) : null;
    },
  };
};

const list: Make = (question, value, changed) => {
  const { items = [] } = (value ?? {}) as { items?: Record<string, unknown>[] };
  const [first] = question.columns;
  const rows = make("div", { class: "list-rows" });
  const add = (item: Record<string, unknown> = {}): HTMLElement => {
    const number = rows.children.length + 1;
    const input = make("input", { type: "text", maxlength: "400", autocomplete: "off", "aria-label": `${pick(first?.label)} ${number}` });
    input.value = String(item[first?.id ?? ""] ?? "");
    // What another column holds is kept as it is.
    const row = make("div", { class: "list-row", "data-item": JSON.stringify(item) }, input);
    rows.append(row);
    return input;
  };
  for (const item of items.length ? items : [{}]) add(item);
  const element = make("fieldset", { class: "list" }, legend(question), make("p", { class: "hint" }, pick(first?.label)), rows, button(say("addLine"), "button quiet", () => add().focus()));
  element.addEventListener("input", changed);
  const read = (): Record<string, unknown>[] =>
    Array.from(rows.children, (row) => {
      const typed = row.querySelector("input")?.value.trim();
      return typed ? { ...(JSON.parse((row as HTMLElement).dataset["item"] ?? "{}") as object), [first?.id ?? ""]: typed } : null;
    }).filter((each) => each !== null);
  return {
    element,
    atOnce: false,
    problem: () => (read().length ? "" : say("writeFirst")),
    read: () => (read().length ? { items: read() } : null),
  };
};

const KINDS: Record<Question["kind"], Make> = { single, multi, matrix, shares, percent, text, open: text, line: text, list };

/** The field of an answer with its remark, folded until somebody wants it. */
export function answering(question: Question, value: Raw, changed: () => void): Answering {
  const made = KINDS[question.kind](question, value, changed);
  if (!question.remark) return made;
  const said = typeof value === "object" ? ((value as { remark?: string } | null)?.remark ?? "") : "";
  const area = make("textarea", { rows: "3", maxlength: "2000", id: "remark" });
  area.value = said;
  const note = make("p", { class: "hint", id: "remark-seen" }, say("remarkSeen"));
  area.setAttribute("aria-describedby", note.id);
  // A remark goes once somebody is done with it, not at every letter.
  area.addEventListener(made.atOnce ? "change" : "input", changed);
  const fold = make("details", { class: "remark-fold" }, make("summary", {}, say("remark")), make("label", { class: "visually-hidden", for: "remark" }, say("remark")), area, note);
  fold.open = said !== "";
  return {
    ...made,
    element: make("div", { class: "answer" }, made.element, fold),
    read: () => {
      const raw = made.read();
      const remark = area.value.trim();
      if (!remark) return raw;
      return { ...((raw ?? {}) as object), remark };
    },
  };
}
