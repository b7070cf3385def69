// One question to answer: sent when it is chosen or when the button is pressed, and to be changed until the reveal.
import { make } from "../dom";
import type { Question, Raw, State } from "../live/shapes";
import { count, pick, say } from "../live/words";
import { answering } from "./inputs";
import type { Memory } from "./memory";
import { placeOf } from "./memory";
import type { Outbox } from "./outbox";
import { above, heading, help } from "./screens";
import { isAnswer, same } from "./values";

const SETTLE = 350;

export class Voting {
  readonly element: HTMLElement;
  private readonly form;
  private readonly status = make("p", { class: "vote-status", role: "status" });
  private readonly count = make("p", { class: "vote-count" });
  private readonly error = make("p", { class: "form-error", role: "alert", hidden: "" });
  private readonly send = make("button", { type: "submit", class: "button wide" });
  private soon: ReturnType<typeof setTimeout> | undefined;
  /** What was sent last, as the form reads it: what the server made of it may be written a little differently. */
  private last: Raw | undefined;
  private readonly prefilled: boolean;

  constructor(private readonly question: Question, private readonly ballot: number, private readonly memory: Memory, private readonly outbox: Outbox) {
    const first = ballot > 1 ? memory.given(placeOf(question.key, 1)) : undefined;
    // In a second vote one's first answer stands there to be kept or changed; it counts once it is sent.
    this.form = answering(question, this.wanted() ?? first ?? null, () => this.changed());
    this.prefilled = isAnswer(first ?? null);
    if (isAnswer(this.wanted() ?? null)) this.last = this.form.read();
    const form = make(
      "form",
      { class: "vote", novalidate: "" },
      this.form.element,
      make("div", { class: "thumb" }, make("div", { class: "thumb-words" }, this.status, this.count), this.error, this.send),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.element = make(
      "section",
      { class: "step is-voting", "aria-labelledby": "title" },
      above(question),
      heading(pick(question.label)),
      ballot > 1 && make("p", { class: "second-vote" }, say(first === undefined ? "secondTime" : "secondTimeFirst")),
      help(question),
      form,
    );
  }

  private get place(): string {
    return placeOf(this.question.key, this.ballot);
  }

  /** What was chosen last: what waits to be sent, else what the server has. */
  private wanted(): Raw | undefined {
    return this.outbox.vote(this.question.key, this.ballot)?.value ?? this.memory.given(this.place);
  }

  private changed(): void {
    clearTimeout(this.soon);
    this.refuse("");
    if (this.form.atOnce && isAnswer(this.form.read())) this.soon = setTimeout(() => this.put(), SETTLE);
    this.show();
  }

  private submit(): void {
    const problem = this.form.problem();
    // Of shares the line above the button says it already.
    this.refuse(problem);
    if (!problem) this.put();
  }

  /** The server did not take it: it can be sent again. */
  refused(problem: string): void {
    this.last = undefined;
    this.refuse(problem);
    this.show();
  }

  private refuse(problem: string): void {
    this.error.textContent = problem;
    this.error.hidden = !problem;
    this.status.hidden = Boolean(problem);
  }

  private put(): void {
    const value = this.form.read();
    if (this.last !== undefined && same(value, this.last)) return;
    this.last = value;
    this.outbox.put({ deed: "vote", question: this.question.key, ballot: this.ballot, value });
  }

  /** Send what was chosen a moment ago, before the page goes. */
  hurry(): void {
    if (this.soon === undefined) return;
    clearTimeout(this.soon);
    this.soon = undefined;
    this.put();
  }

  renew(state: State): void {
    this.count.textContent = count("votedOf", state.voted, { voted: state.voted, joined: state.joined });
    this.show();
  }

  /** What is still to do before it can be sent. */
  private opening(): string {
    if (this.question.kind === "shares") return this.form.problem() || say("sharesRight", { total: this.question.total ?? 100 });
    return say(this.form.atOnce && !this.prefilled ? "chooseAtOnce" : "notYet");
  }

  private show(): void {
    const waiting = this.outbox.vote(this.question.key, this.ballot);
    const given = this.memory.given(this.place);
    const now = this.form.read();
    const isIn = given !== undefined && given !== null;
    const differs = this.last === undefined ? isAnswer(now) : !same(now, this.last);
    const [tone, words] = waiting
      ? this.outbox.failed
        ? ["waiting", say("notSentTrying")]
        : ["sending", say("sending")]
      : isIn
        ? differs && !this.form.atOnce
          ? ["open", say("changedNotSent")]
          : ["in", say("answerIn")]
        : ["open", this.opening()];
    this.status.dataset["tone"] = tone;
    if (this.status.textContent !== words) this.status.textContent = words ?? "";
    this.send.textContent = say(isIn ? "sendChange" : "sendAnswer");
    const needless = isIn || waiting ? !differs : false;
    this.send.hidden = this.form.atOnce ? !this.prefilled || needless || isIn : needless;
  }
}
