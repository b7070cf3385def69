// The one obvious next thing: what its button says, and what it does.
import { pick, say } from "../live/words";
import { following, type HostState } from "./state";

export type Next = {
  words: string;
  /** Beside it, when there is more to know before it is pressed. */
  hint: string;
  deed: "open" | "next" | "agree" | "end" | "none";
};

function onwards(state: HostState): Next {
  const next = following(state);
  return next
    ? { words: say("nextStep", { step: pick(next.title) }), hint: "", deed: "next" }
    : { words: say("nextEnd"), hint: say("nextEndHint"), deed: "end" };
}

function ofQuestion(state: HostState, chosen: boolean): Next {
  const { question, phase } = state;
  if (phase === "waiting") return { words: say(state.ballot > 1 ? "nextVoteAgain" : "nextVote"), hint: say("nextVoteHint"), deed: "next" };
  if (phase === "voting") {
    const missing = state.joined - state.voted;
    return { words: say("nextReveal"), hint: missing > 0 ? say("missing", { count: missing }) : state.joined ? say("everybodyVoted") : "", deed: "next" };
  }
  if (phase === "shown") return { words: say("nextAgree"), hint: chosen ? "" : say("nextAgreeHint"), deed: "agree" };
  return question && question.index < question.of ? { words: say("nextQuestion"), hint: "", deed: "next" } : onwards(state);
}

export function nextOf(state: HostState, chosen: boolean): Next {
  if (state.status === "planned") return { words: say("nextOpen"), hint: say("nextOpenHint"), deed: "open" };
  if (state.status === "ended") return { words: "", hint: "", deed: "none" };
  if (state.question) return ofQuestion(state, chosen);
  if (state.phase === "ranking") {
    return { words: say("nextRanking"), hint: state.joined > state.voted ? say("missingRanking", { count: state.joined - state.voted }) : "", deed: "next" };
  }
  return onwards(state);
}
