// What the projector shows: one scene at a time, few words.
import { make } from "../dom";
import type { Idea, Question, State } from "../live/shapes";
import { rolesOf, spreadOf } from "../live/spread";
import { count, letter, pick, say } from "../live/words";

type Child = Node | string | null | undefined | false;

const scene = (kind: string, ...parts: Child[]): HTMLElement => make("section", { class: `scene is-${kind}` }, ...parts);
const title = (words: string): HTMLElement => make("h1", {}, words);

/** How to come in: big. The square and the code come with the page. */
function door(state: State): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>("template[data-door]");
  const [qr, address, code] = Array.from((template?.content.cloneNode(true) as DocumentFragment | undefined)?.children ?? []);
  const words = make("div", { class: "door-words" }, make("h2", {}, say("joinHow")), address, make("h2", {}, say("codeIs")), code);
  return scene("door", title(state.title), qr, words);
}

function options(question: Question): HTMLElement | null {
  const lines = question.kind === "shares" ? question.rows.map((row) => pick(row.label)) : question.options.map(pick);
  if (question.kind === "matrix") {
    const rows = question.rows.map((row, index) => make("li", {}, make("b", {}, letter(index)), make("span", {}, pick(row.label))));
    return make("div", { class: "asked-rows" }, make("ul", { class: "options" }, ...rows), make("p", { class: "scale" }, question.options.map(pick).join(" · ")));
  }
  const all: [string, string][] = lines.map((line, index) => [letter(index), line]);
  if (question.extra) all.push(["–", pick(question.extra.label)]);
  return all.length ? make("ul", { class: "options" }, ...all.map(([key, line]) => make("li", {}, make("b", {}, key), make("span", {}, line)))) : null;
}

function asking(state: State, question: Question): HTMLElement {
  const words = state.phase !== "voting" ? say("listenFirst") : say(state.ballot > 1 ? "answerAgain" : "answerNow");
  return scene("asked", title(pick(question.label)), options(question), make("p", { class: "call" }, question.kind === "multi" && state.phase === "voting" ? `${words} · ${say("severalHint")}` : words));
}

function shown(state: State, question: Question): HTMLElement {
  const { spread } = state;
  if (!spread) return scene("asked", title(pick(question.label)));
  // With a second vote beside the first there is no room for roles as well: they stand on the phones.
  const roles = spread.first ? [] : rolesOf(question, spread.roles);
  const chart = spreadOf(question, spread);
  if (!roles.length || question.kind === "matrix") return scene("shown", title(pick(question.label)), chart);
  return scene("shown", title(pick(question.label)), make("div", { class: "two-sides" }, chart, make("div", { class: `role-grid${roles.length > 2 ? " many" : ""}` }, ...roles)));
}

function agreed(state: State, question: Question): HTMLElement {
  const { consensus } = state;
  return scene("agreed", title(pick(question.label)), make("h2", {}, say("decided")), make("p", { class: "decided-text" }, consensus ? pick(consensus.text) : say("notDecided")), consensus?.reason && make("p", { class: "decided-why" }, consensus.reason));
}

const MOST = 24;

/** Says how many ideas are not on the screen: `fit` takes away what would make the rest too small to read. */
const moreOf = (total: number, shown: number): HTMLElement => {
  const line = make("li", { class: "more", "data-more": String(total) });
  line.textContent = total > shown ? count("ideasMore", total - shown) : "";
  line.hidden = total <= shown;
  return line;
};

/** The newest first: what somebody just gave is what the room looks for. */
function wall(state: State, call: string): HTMLElement {
  const newest = [...state.ideas].sort((one, other) => other.id - one.id);
  const shownOnes = newest.slice(0, MOST);
  return scene(
    "wall",
    title(pick(state.step?.title)),
    make("p", { class: "call" }, call),
    !newest.length && make("p", { class: "soft" }, say("noIdeas")),
    newest.length > 0 && make("ul", { class: "wall" }, ...shownOnes.map((idea) => make("li", {}, idea.text)), moreOf(newest.length, shownOnes.length)),
  );
}

function podium(ideas: Idea[], step: string): HTMLElement {
  const most = Math.max(1, ...ideas.map((idea) => idea.points ?? 0));
  return scene(
    "shown",
    title(step),
    make(
      "ol",
      { class: "bars podium" },
      ...ideas.slice(0, 8).map((idea, index) => {
        const fill = make("span", { class: "bar-fill" });
        fill.style.width = `${(100 * (idea.points ?? 0)) / most}%`;
        return make("li", { class: "bar" }, make("span", { class: "bar-label" }, make("span", { class: "bar-letter" }, `${index + 1}`), make("span", {}, idea.text)), make("span", { class: "bar-line" }, make("span", { class: "bar-track", "aria-hidden": "true" }, fill), make("span", { class: "bar-count" }, count("points", idea.points ?? 0))));
      }),
      moreOf(ideas.length, Math.min(8, ideas.length)),
    ),
  );
}

export function sceneOf(state: State): HTMLElement {
  const { step, question, phase } = state;
  if (state.status === "ended") return scene("plain", title(say("thanks")), make("p", {}, say("thanksWhat")));
  if (state.status === "planned" || !step || step.kind === "welcome") return door(state);
  if (question) return phase === "shown" ? shown(state, question) : phase === "agreed" ? agreed(state, question) : asking(state, question);
  if (step.kind === "ideas") return wall(state, say(phase === "collecting" ? "ideasNow" : "ideasSoon"));
  if (step.kind === "ranking") return phase === "shown" ? podium(state.ideas, pick(step.title)) : wall(state, say("pointsNow"));
  const clock = make("p", { class: "big-clock", "data-timer": "", role: "timer", hidden: "" });
  if (step.kind === "break") return scene("break", title(pick(step.title)), clock, null);
  return scene("plain", title(pick(step.title)));
}

/** How many are in, and how many of them answered. */
export function countOf(state: State): string {
  const { joined, voted, phase } = state;
  if (state.status === "ended") return "";
  if (phase === "voting" && state.question) return count("votedOf", voted, { voted, joined });
  if (state.question && state.spread) return count("votedOf", state.spread.answered, { voted: state.spread.answered, joined: Math.max(joined, state.spread.answered) });
  if (phase === "ranking") return count("rankedOf", voted, { voted, joined });
  return joined ? count("joined", joined) : say("joinedNone");
}
