// The present step in the middle of the console: what to say, the question, the spread, what is agreed, the ideas.
import { make } from "../dom";
import type { Question, Spread } from "../live/shapes";
import { rolesOf } from "../live/spread";
import { letter, pick, say } from "../live/words";
import type { HostState } from "./state";

export function note(state: HostState): HTMLElement | null {
  if (!state.note.trim()) return null;
  const fold = make("details", { class: "fold console-note" }, make("summary", {}, say("note")),
    make("div", { class: "fold-body" }, ...state.note.split(/\n+/).map((line) => make("p", {}, line))));
  fold.open = !state.question && !["collecting", "ranking"].includes(state.phase);
  return fold;
}

/** The options to read aloud while the vote has not ended. */
export function reading(question: Question): HTMLElement | null {
  const lines = question.kind === "matrix" || question.kind === "shares" ? question.rows.map(({ label }) => label) : question.options;
  const shown = question.extra ? [...lines, question.extra.label] : lines;
  if (!shown.length) return null;
  return make("ol", { class: "console-options" }, ...shown.map((words, index) =>
    make("li", {}, make("span", { class: "bar-letter" }, index < lines.length ? letter(index) : "–"), make("span", {}, pick(words)))));
}

export function byRole(question: Question, spread: Spread): HTMLElement | null {
  if (!spread.roles.length) return null;
  return make("details", { class: "fold" }, make("summary", {}, make("h2", {}, say("byRole"))), make("div", { class: "fold-body console-roles" }, ...rolesOf(question, spread.roles)));
}

export function texts(state: HostState): HTMLElement | null {
  if (!state.texts?.length) return null;
  const fold = make("details", { class: "fold" }, make("summary", {}, `${say("texts")} (${state.texts.length})`),
    make("ul", { class: "fold-body console-texts" }, ...state.texts.map((text) => make("li", {}, text))));
  fold.open = !["single", "multi", "matrix", "shares"].includes(state.question?.kind ?? "");
  return fold;
}

/** Where the room is, in a few words: for the head, a live region, and who was overtaken. */
export function nowWords(state: HostState): string {
  if (state.status === "planned") return say("nowPlanned");
  if (state.status === "ended") return say("nowEnded");
  const phases: Record<string, string> = {
    waiting: state.question ? "nowWaiting" : "", voting: state.ballot > 1 ? "nowVotingSecond" : "nowVoting", agreed: "nowAgreed",
    shown: state.question ? "nowShown" : "nowRanked", collecting: "nowCollecting", ranking: "nowRanking",
  };
  const phase = phases[state.phase];
  const what = state.question ? pick(state.question.label) : pick(state.step?.title);
  return phase ? `${what} (${say(phase)})` : what;
}
