// Beside the present step: the agenda with where the room is, and the room itself: code, who joined, door, projector.
import { button, make } from "../dom";
import { count, pick, say } from "../live/words";
import type { Act, AgendaStep, HostState } from "./state";

export type Setting = { qr: string; plan: string; roles: Record<string, string> };

const MARKS: Record<string, string> = { agreed: "agreed", shown: "under-way", voting: "under-way" };

const mark = (state: string): SVGElement => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `mark ${state}`);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#m-${state}`);
  svg.append(use);
  return svg;
};

function questions(step: AgendaStep, state: HostState, act: Act): HTMLElement {
  return make("ol", { class: "where-questions" }, ...step.questions.map((question) => {
    const here = state.question?.key === question.key;
    const words = question.state === "agreed" ? say("wentAgreed") : question.state === "shown" ? say("wentVoted") : "";
    const label = pick(question.label);
    const go = button("", "where-question", () => void act("go", { step: step.id, question: question.key }));
    go.append(mark(MARKS[question.state] ?? "not-started"), make("span", {}, label, words ? make("span", { class: "visually-hidden" }, ` (${words})`) : null));
    if (here) go.setAttribute("aria-current", "step");
    return make("li", {}, go);
  }));
}

export function agenda(state: HostState, act: Act): HTMLElement[] {
  const may = state.status === "open";
  return state.agenda.map((step) => {
    const here = state.status !== "ended" && state.step?.id === step.id;
    const fold = make("details", { class: "where-fold", "data-step": String(step.id) },
      make("summary", {}, mark(here ? "under-way" : step.done ? "complete" : "not-started"),
        make("span", { class: "where-title" }, pick(step.title)), make("span", { class: "where-minutes" }, step.done ? make("span", { class: "visually-hidden" }, say("pastStep")) : null, `${step.minutes}′`)));
    fold.open = here && step.questions.length > 0;
    if (step.questions.length) fold.append(questions(step, state, act));
    if (may && !here) fold.append(button(say("goHere"), "button quiet small where-go", () => void act("go", { step: step.id })));
    return make("li", { class: `where${here ? " is-here" : ""}${step.done ? " is-done" : ""}`, ...(here ? { "aria-current": "step" } : {}) }, fold);
  });
}

function people(state: HostState, setting: Setting): HTMLElement {
  const roles = Object.entries(state.roles_joined);
  const shown = roles.reduce((sum, [, each]) => sum + each, 0);
  return make("div", { class: "room-people" },
    make("p", { class: "room-joined" }, state.joined ? count("joined", state.joined) : say("joinedNone")),
    roles.length ? make("ul", { class: "room-roles small" }, ...roles.map(([role, each]) => make("li", {}, make("span", {}, setting.roles[role] ?? role), make("b", {}, String(each))))) : null,
    shown < state.joined ? make("p", { class: "small soft" }, say("few")) : null);
}

export function room(state: HostState, setting: Setting, act: Act, ask: (what: "code" | "end") => void): HTMLElement[] {
  if (state.status !== "open") return [];
  const until = state.code_expires ? new Date(state.code_expires).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) : "";
  const copy = make("button", { type: "button", class: "as-link small", "data-copy": state.join_url }, say("copyLink"));
  return [
    make("div", { class: "room-code" },
      make("p", {}, make("span", { class: "small soft" }, say("code")), make("strong", { class: "room-letters" }, state.code || "–"), until ? make("span", { class: "small soft" }, say("codeUntil", { time: until })) : null),
      state.code ? make("img", { class: "room-qr", src: `${setting.qr}?code=${state.code}`, alt: say("qrAlt"), width: "112", height: "112" }) : null),
    people(state, setting),
    make("p", {}, state.screen_url ? make("a", { class: "button quiet small", href: state.screen_url, target: "koers-screen" }, say("screen")) : null),
    make("div", { class: "room-tools" },
      make("p", { class: "small" }, `${state.door ? say("doorOpen") : say("doorClosed")} · `, button(state.door ? say("closeDoor") : say("openDoor"), "as-link small", () => void act("door", { open: !state.door }))),
      copy, button(say("newCode"), "as-link small", () => ask("code")), button(say("end"), "as-link small danger-link", () => ask("end"))),
  ];
}
