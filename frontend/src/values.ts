// The value of a field: read from its inputs, put into them, said in words. The shapes are those of workbook/values.py.
import { all, one } from "./dom";
import { decimal, say } from "./words";

export type Choice = number | string;
export type Item = Record<string, string | number>;
export type Answer = {
  html?: string;
  text?: string;
  percent?: number;
  choice?: Choice | null;
  choices?: Choice[];
  rows?: Record<string, number>;
  items?: Item[];
  shares?: Record<string, number | string>;
  remark?: string;
};
/** What is sent: the stored shape, but bare for texts, lines and percentages. */
export type Sent = Answer | string | number | null;

const WHOLE = /^\d+$/;
const choiceOf = (text: string): Choice => (WHOLE.test(text) ? Number(text) : text);

/** A number as it was typed, with a comma or a point; the text itself when it is none (the server says so). */
export function numberOf(typed: string): number | string | null {
  let bare = typed.replace(/[€%\s\u00a0\u202f]/g, "");
  if (!bare) return null;
  if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(bare)) bare = bare.replaceAll(".", "");
  const value = Number(bare.replace(",", "."));
  return Number.isFinite(value) ? value : typed;
}

function checked(root: HTMLElement, name: string): HTMLInputElement[] {
  return all<HTMLInputElement>("input:checked", root).filter((input) => input.name === name && input.value !== "");
}

function itemsOf(root: HTMLElement): Item[] {
  const items: Item[] = [];
  for (const row of all(".items > ol > .item", root)) {
    const item: Item = {};
    for (const cell of all<HTMLInputElement>("[data-cell]", row)) {
      const { cell: name = "", as: kind } = cell.dataset;
      if (!cell.value.trim()) continue;
      const read = kind === "line" || kind === "text" ? cell.value : numberOf(cell.value);
      if (read !== null) item[name] = read;
    }
    if (Object.keys(item).length) items.push(item);
  }
  return items;
}

/** What the inputs of a field say now. A text is read by its editor, not here. */
export function read(root: HTMLElement): Sent {
  const key = root.dataset["field"] ?? "";
  const remark = one<HTMLTextAreaElement>("[data-remark] textarea", root);
  const beside = remark ? { remark: remark.value } : {};
  const input = (): HTMLInputElement | null => one<HTMLInputElement>(`input[name="${CSS.escape(key)}"]`, root);
  switch (root.dataset["kind"]) {
    case "line":
      return input()?.value ?? "";
    case "lines":
      return one<HTMLTextAreaElement>(`textarea[name="${CSS.escape(key)}"]`, root)?.value ?? "";
    case "shares": {
      const given = all<HTMLInputElement>("[data-share]", root).map((each) => [each.dataset["share"] ?? "", numberOf(each.value)] as const);
      return { shares: Object.fromEntries(given.filter((each): each is [string, number | string] => each[1] !== null)), ...beside };
    }
    case "percent":
      return numberOf(input()?.value ?? "");
    case "single": {
      const chosen = checked(root, key)[0];
      return { choice: chosen ? choiceOf(chosen.value) : null, ...beside };
    }
    case "multi":
      return { choices: checked(root, key).map((each) => choiceOf(each.value)), ...beside };
    case "matrix": {
      const rows: Record<string, number> = {};
      for (const each of all<HTMLInputElement>("input[data-row]:checked", root)) {
        if (each.value) rows[each.dataset["row"] ?? ""] = Number(each.value);
      }
      return { rows, ...beside };
    }
    case "list":
      return { items: itemsOf(root), ...beside };
    default:
      throw new Error(`No way to read a field of kind ${root.dataset["kind"]}`);
  }
}

/** What was stored, as it would be sent. */
export function asSent(kind: string, stored: Answer | null): Sent {
  if (kind === "text" || kind === "open") return stored?.html ?? "";
  if (kind === "line") return stored?.text ?? "";
  if (kind === "percent") return stored?.percent ?? null;
  return stored ?? {};
}

/** Put a value into the inputs of a field (a list through `rows`, which makes a row). */
export function write(root: HTMLElement, value: Sent, makeRows: (count: number) => HTMLElement[]): void {
  const key = root.dataset["field"] ?? "";
  if (typeof value !== "object" || value === null) {
    const name = CSS.escape(key);
    const input = one<HTMLInputElement | HTMLTextAreaElement>(`input[name="${name}"], textarea[name="${name}"]`, root);
    if (input) input.value = typeof value === "number" ? decimal(value) : (value ?? "");
    return;
  }
  const remark = one<HTMLTextAreaElement>("[data-remark] textarea", root);
  if (remark) {
    remark.value = value.remark ?? "";
    const fold = remark.closest("details");
    if (fold && remark.value) fold.open = true;
  }
  if (root.dataset["kind"] === "list") {
    const items = value.items ?? [];
    makeRows(Math.max(1, items.length)).forEach((row, index) => {
      for (const cell of all<HTMLInputElement>("[data-cell]", row)) {
        const given = items[index]?.[cell.dataset["cell"] ?? ""];
        cell.value = given === undefined ? "" : cell.dataset["as"] === "money" ? decimal(Number(given)) : String(given);
      }
    });
    return;
  }
  for (const input of all<HTMLInputElement>("[data-share]", root)) {
    const share = value.shares?.[input.dataset["share"] ?? ""];
    input.value = typeof share === "number" ? decimal(share) : (share ?? "");
  }
  const chosen = new Set((value.choices ?? (value.choice === undefined || value.choice === null ? [] : [value.choice])).map(String));
  for (const input of all<HTMLInputElement>("input[type=radio], input[type=checkbox]", root)) {
    const row = input.dataset["row"];
    input.checked = row === undefined ? chosen.has(input.value) : String(value.rows?.[row] ?? "") === input.value;
  }
}

const words = (element: Element | null | undefined): string => element?.textContent?.trim() ?? "";

/** A value in words, for the two sides of a conflict. */
export function describe(root: HTMLElement, value: Sent): string[] {
  if (typeof value === "number") return [`${decimal(value)} %`];
  if (typeof value === "string") return [value];
  if (value === null) return [];
  const labelOf = (choice: Choice): string =>
    words(one(`input[value="${CSS.escape(String(choice))}"]`, root)?.closest("label"));
  const said: string[] = [];
  const { choice, choices = [], rows = {}, items = [], remark } = value;
  for (const each of choice === undefined || choice === null ? choices : [choice]) said.push(labelOf(each));
  for (const [row, each] of Object.entries(rows)) {
    const input = one(`input[data-row="${CSS.escape(row)}"][value="${each}"]`, root);
    said.push(`${words(one("legend", input?.closest("fieldset") ?? root))}: ${words(input?.closest("label"))}`);
  }
  for (const item of items) {
    said.push(Object.entries(item).map(([column, cell]) => {
      const input = one(`[data-cell="${CSS.escape(column)}"]`, root);
      const option = input instanceof HTMLSelectElement ? one(`option[value="${cell}"]`, input) : null;
      return option ? words(option) : String(cell);
    }).join(" · "));
  }
  if (remark) said.push(`${say("remark")}: ${remark}`);
  return said;
}

/** Mine and theirs together; null when that has no meaning for the kind. */
export function combine(kind: string, mine: Sent, theirs: Sent): Sent | undefined {
  if (kind === "text" || kind === "open") return `${theirs ?? ""}${mine ?? ""}`;
  if (kind !== "multi" && kind !== "list") return undefined;
  const a = (typeof theirs === "object" && theirs) || {};
  const b = (typeof mine === "object" && mine) || {};
  const remarks = [a.remark, b.remark].filter((each): each is string => Boolean(each));
  const remark = [...new Set(remarks)].join("\n");
  const beside = remark ? { remark } : {};
  if (kind === "list") {
    const seen = new Set((a.items ?? []).map((item) => JSON.stringify(item)));
    return { items: [...(a.items ?? []), ...(b.items ?? []).filter((item) => !seen.has(JSON.stringify(item)))], ...beside };
  }
  const both = [...new Set([...(a.choices ?? []), ...(b.choices ?? [])])];
  const alone = both.find((each) => typeof each === "string");
  return { choices: alone && both.length > 1 ? both.filter((each) => each !== alone) : both, ...beside };
}
