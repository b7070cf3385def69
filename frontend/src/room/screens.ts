// What a participant sees while she has nothing to answer: waiting, the spread, the decision, a break, the end.
import { make } from "../dom";
import type { Question, State } from "../live/shapes";
import { rolesOf, spreadOf } from "../live/spread";
import { pick, say } from "../live/words";
import { asLines } from "./values";

type Child = Node | string | null | false;

export const heading = (words: string): HTMLHeadingElement => make("h1", { tabindex: "-1", id: "title" }, words);

const screen = (kind: string, ...parts: Child[]): HTMLElement => make("section", { class: `step is-${kind}`, "aria-labelledby": "title" }, ...parts);

/** Above a question: where it is of, and how many there are. */
export const above = (question: Question): HTMLElement =>
  make("p", { class: "above" }, pick(question.dimension), question.of > 1 && make("span", { class: "nowrap" }, ` · ${say("questionOf", { index: question.index, of: question.of })}`));

export function help(question: Question): HTMLElement | null {
  const text = pick(question.help);
  if (!text) return null;
  return make("details", { class: "explained" }, make("summary", {}, say("explained")), ...text.split(/\n{2,}/).map((part) => make("p", {}, part)));
}

const big = (): HTMLElement => make("p", { class: "big-clock", "data-timer": "", role: "timer", hidden: "" });

const KNOWN = new Set(["welcome", "terms", "questions", "ideas", "ranking", "closing", "break"]);

export function pause(state: State): HTMLElement {
  const { step, question } = state;
  if (state.status === "planned") return screen("pause", heading(state.title), make("p", { class: "lead" }, say("notBegun")));
  if (!step) return screen("pause", heading(state.title), make("p", { class: "lead" }, say("youAreIn")));
  if (question) {
    return screen("pause", above(question), heading(pick(question.label)), help(question), make("p", { class: "lead" }, say("voteSoon")));
  }
  const what = say(`now_${KNOWN.has(step.kind) ? step.kind : "welcome"}`);
  return screen(step.kind === "break" ? "break" : "pause", heading(pick(step.title)), big(), make("p", { class: "lead" }, what));
}

export function ended(state: State): HTMLElement {
  return screen("ended", heading(say("thanks")), make("p", { class: "lead" }, say("thanksWhat", { title: state.title })), make("p", {}, say("thanksKept")), make("p", {}, say("thanksClose")));
}

/** One's own text, which nobody else's bars hold. */
function ownWords(question: Question, own: unknown): HTMLElement | null {
  const said = typeof own === "string" ? (question.kind === "line" ? own : asLines(own)) : typeof own === "number" ? `${own} %` : "";
  return said ? make("div", { class: "own-words" }, make("p", { class: "bar-yours" }, say("yours")), make("p", {}, said)) : null;
}

export function shown(state: State, question: Question, own: unknown): HTMLElement {
  const { spread } = state;
  const roles = spread ? rolesOf(question, spread.roles) : [];
  return screen(
    "shown",
    above(question),
    heading(pick(question.label)),
    spread && spreadOf(question, spread, { own }),
    ownWords(question, own),
    roles.length > 0 && make("details", { class: "roles" }, make("summary", {}, say("byRole")), make("p", { class: "hint" }, say("byRoleWhy")), ...roles),
    make("p", { class: "lead" }, say("talkNow")),
  );
}

export function agreed(state: State, question: Question, own: unknown): HTMLElement {
  const { consensus, spread } = state;
  return screen(
    "agreed",
    above(question),
    heading(pick(question.label)),
    make(
      "div",
      { class: "decided" },
      make("h2", {}, say("decided")),
      make("p", { class: "decided-text" }, consensus ? pick(consensus.text) : say("notDecided")),
      consensus?.reason && make("p", { class: "decided-why" }, make("b", {}, `${say("why")} `), consensus.reason),
    ),
    spread && make("details", { class: "roles" }, make("summary", {}, say("seeAnswers")), spreadOf(question, spread, { own })),
  );
}
