// The spread of the answers as bars that read without colour: letters, counts and lengths. Styles: css/bars.css.
import { make } from "../dom";
import type { Question, RoleTally, Spread, Tally } from "./shapes";
import { count, decimal, letter, percent, pick, say } from "./words";

export interface Shown {
  /** One's own answer, as it is stored: it is marked. */
  own?: unknown;
  /** Without the texts of the options: small multiples under bars that have them. */
  small?: boolean;
}

type Own = { choice?: number | string; choices?: (number | string)[]; rows?: Record<string, number>; shares?: Record<string, number>; percent?: number };

const yours = (): HTMLElement => make("span", { class: "bar-yours" }, say("yours"));

function track(part: number, whole: number, kind = ""): HTMLElement {
  const fill = make("span", { class: `bar-fill ${kind}` });
  // Set by the script, which a strict policy allows; a style attribute it would not.
  fill.style.width = `${whole ? Math.min(100, (100 * part) / whole) : 0}%`;
  return make("span", { class: "bar-track", "aria-hidden": "true" }, fill);
}

interface Line {
  key: string;
  label: string;
  part: number;
  first: number | null;
  own: boolean;
}

const peopleOf = (part: number, whole: number): HTMLElement =>
  make("span", { class: "bar-count" }, make("b", {}, decimal(part)), make("span", { class: "bar-share" }, percent(part, whole)));
const shareOf = (part: number): HTMLElement => make("span", { class: "bar-count" }, make("b", {}, `${decimal(part)} %`));

function bars(lines: Line[], whole: number, firstWhole: number, shares: boolean): HTMLElement {
  const value = (part: number, of: number): HTMLElement => (shares ? shareOf(part) : peopleOf(part, of));
  return make(
    "ul",
    { class: "bars" },
    ...lines.map((line) =>
      make(
        "li",
        { class: `bar${line.own ? " is-yours" : ""}` },
        make("span", { class: "bar-label" }, make("span", { class: "bar-letter" }, line.key), make("span", {}, line.label), line.own && yours()),
        line.first !== null && make("span", { class: "bar-line was" }, make("span", { class: "visually-hidden" }, `${say("firstVote")}: `), track(line.first, firstWhole, "was"), value(line.first, firstWhole)),
        make("span", { class: "bar-line" }, line.first !== null && make("span", { class: "visually-hidden" }, `${say("secondVote")}: `), track(line.part, whole), value(line.part, whole)),
      ),
    ),
  );
}

function choices(question: Question, tally: Tally, first: Tally | null, own: Own): Line[] {
  const chosen = new Set<unknown>(own.choices ?? (own.choice === undefined ? [] : [own.choice]));
  const lines = question.options.map((option, index) => ({
    key: letter(index), label: pick(option), part: tally.counts[index] ?? 0, first: first ? (first.counts[index] ?? 0) : null, own: chosen.has(index + 1),
  }));
  const { extra } = question;
  return extra
    ? [...lines, { key: "–", label: pick(extra.label), part: tally.extra, first: first ? first.extra : null, own: chosen.has(extra.value) }]
    : lines;
}

interface Cell {
  part: number;
  first: number | null;
  label: HTMLElement;
  own: boolean;
}

/** Columns side by side, each with its number; in a second vote the first stands beside it. */
function columns(cells: Cell[], small = false): HTMLElement {
  const most = Math.max(1, ...cells.flatMap((cell) => [cell.part, cell.first ?? 0]));
  const fill = (part: number, kind: string): HTMLElement => {
    const made = make("span", { class: `cell-fill ${kind}` });
    made.style.height = `${(100 * part) / most}%`;
    return made;
  };
  return make(
    "ol",
    { class: `spread-cells${small ? " lettered" : ""}` },
    ...cells.map(({ part, first, label, own }) =>
      make(
        "li",
        { class: own ? "is-yours" : "" },
        make("span", { class: "cell-bar", "aria-hidden": "true" }, first !== null && fill(first, "was"), fill(part, "")),
        make(
          "span",
          { class: "cell-count" },
          first !== null && make("span", { class: "cell-was" }, make("span", { class: "visually-hidden" }, `${say("firstVote")}: `), decimal(first), make("span", { "aria-hidden": "true" }, " → "), make("span", { class: "visually-hidden" }, ` ${say("secondVote")}: `)),
          make("b", {}, decimal(part)),
        ),
        label,
        own && make("span", { class: "bar-yours" }, make("span", { "aria-hidden": "true" }, say("you")), make("span", { class: "visually-hidden" }, say("yours"))),
      ),
    ),
  );
}

function matrix(question: Question, tally: Tally, first: Tally | null, own: Own): HTMLElement {
  return make(
    "ul",
    { class: `bar-rows${question.rows.length > 4 ? " many" : ""}` },
    ...question.rows.map((row) =>
      make(
        "li",
        {},
        make("span", { class: "bar-label" }, pick(row.label)),
        columns(
          question.options.map((option, index) => ({
            part: tally.rows[row.id]?.[index] ?? 0, first: first ? (first.rows[row.id]?.[index] ?? 0) : null,
            label: make("span", { class: "cell-label" }, pick(option)), own: own.rows?.[row.id] === index + 1,
          })),
        ),
      ),
    ),
  );
}

/** A small multiple: the letters of the bars that stand above it. */
const lettered = (lines: Line[]): HTMLElement =>
  columns(lines.map(({ key, label, part }) => ({ part, first: null, own: false, label: make("span", { class: "cell-label" }, make("span", { "aria-hidden": "true" }, key), make("span", { class: "visually-hidden" }, label)) })), true);

function drawn(question: Question, tally: Tally, first: Tally | null, { own, small }: Shown): HTMLElement {
  const mine = (own && typeof own === "object" ? own : {}) as Own;
  switch (question.kind) {
    case "single":
    case "multi":
      if (small) return lettered(choices(question, tally, null, {}));
      return bars(choices(question, tally, first, mine), tally.answered, first?.answered ?? 0, false);
    case "matrix":
      return matrix(question, tally, first, mine);
    case "shares": {
      const lines = question.rows.map((row, index) => ({
        key: letter(index), label: pick(row.label), part: tally.shares[row.id] ?? 0, first: first ? (first.shares[row.id] ?? 0) : null, own: false,
      }));
      if (small) return lettered(lines.map((line) => ({ ...line, part: Math.round(line.part) })));
      const shown = bars(lines, question.total ?? 100, question.total ?? 100, true);
      return make("div", {}, make("p", { class: "bar-note" }, say("meanShares")), shown);
    }
    case "percent": {
      const { percent: range } = tally;
      if (!range) return make("p", { class: "bar-note" }, say("nobodyAnswered"));
      const line = (key: string, each: Tally, label: string): Line => ({ key, label, part: each.percent?.middle ?? 0, first: null, own: false });
      const lines = [...(first?.percent ? [line("1", first, say("firstVote"))] : []), line(first?.percent ? "2" : "½", tally, first?.percent ? say("secondVote") : say("middle"))];
      return make("div", {}, bars(lines, 100, 100, true), make("p", { class: "bar-note" }, say("gavePercent", { middle: decimal(range.middle), low: decimal(range.low), high: decimal(range.high) })));
    }
    default:
      return make("p", { class: "bar-note" }, tally.answered ? count("wrote", tally.answered) : say("nobodyAnswered"));
  }
}

/** The spread of everybody; in a second vote with the first beside it. */
export function spreadOf(question: Question, spread: Spread, shown: Shown = {}): HTMLElement {
  if (!spread.answered && !spread.first?.answered) return make("p", { class: "bar-note" }, say("nobodyAnswered"));
  const chart = drawn(question, spread, spread.first, shown);
  const comparing = spread.first && question.kind !== "percent" && chart.matches(".bars, .bar-rows, :has(.bars)");
  const legend = comparing && make("p", { class: "bar-legend" }, make("span", { class: "bar-swatch was" }), say("firstVote"), make("span", { class: "bar-swatch" }), say("secondVote"));
  return make("div", { class: "spread" }, legend, chart);
}

/** The same for each role that may be shown, small. */
export function rolesOf(question: Question, roles: RoleTally[]): HTMLElement[] {
  return roles.map((role) =>
    make(
      "section",
      { class: "by-role" },
      make("h3", {}, pick(role.label), " ", make("span", { class: "soft" }, count("people", role.answered))),
      drawn(question, role, null, { small: true }),
    ),
  );
}
