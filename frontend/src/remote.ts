// What a colleague changed, brought into an editor in which somebody may be typing: the smallest steps, outside her
// undo, her caret where it was.
import type { Node as Doc } from "@tiptap/pm/model";
import { Slice } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { TextSelection } from "@tiptap/pm/state";
import { Mapping, StepMap } from "@tiptap/pm/transform";

/** A change from one document to another: `from`–`to` in the first gives way to `start`–`end` of the second. */
type Hunk = { from: number; to: number; start: number; end: number };

/** A document as it was sent, and the steps made in the editor since. */
export type Marker = { doc: Doc; since: Mapping };

const LARGEST = 250_000;

/** Pairs of positions that stay, of two lists, in order: the longest common subsequence under a score. */
function pairs(a: number, b: number, score: (i: number, j: number) => number): [number, number][] {
  if (!a || !b || a * b > LARGEST) return [];
  const best = Array.from({ length: a + 1 }, () => new Float64Array(b + 1));
  for (let i = a - 1; i >= 0; i--) {
    for (let j = b - 1; j >= 0; j--) {
      const here = score(i, j);
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, here ? here + best[i + 1]![j + 1]! : 0);
    }
  }
  const found: [number, number][] = [];
  for (let i = 0, j = 0; i < a && j < b; ) {
    const here = score(i, j);
    if (here && best[i]![j] === here + best[i + 1]![j + 1]!) found.push([i++, j++]);
    else if (best[i + 1]![j]! >= best[i]![j + 1]!) i++;
    else j++;
  }
  return found;
}

const children = (node: Doc): Doc[] => Array.from({ length: node.childCount }, (_each, index) => node.child(index));

/** How much of two nodes is alike at both ends, from 0 to 1. */
function likeness(a: Doc, b: Doc): number {
  if (!a.sameMarkup(b)) return 0;
  const [x, y] = [a.textContent, b.textContent];
  let same = 0;
  while (same < x.length && same < y.length && x[same] === y[same]) same++;
  let end = 0;
  while (end < x.length - same && end < y.length - same && x[x.length - 1 - end] === y[y.length - 1 - end]) end++;
  return (1 + same + end) / (1 + Math.max(x.length, y.length));
}

/** The units of a line of text: words, spaces, signs and breaks, each with its place and its marks. */
function units(line: Doc): { key: string; at: number; size: number }[] {
  const found: { key: string; at: number; size: number }[] = [];
  line.forEach((node, offset) => {
    const marks = node.marks.map((mark) => `${mark.type.name}${JSON.stringify(mark.attrs)}`).join();
    if (!node.isText) found.push({ key: `${node.type.name}|${marks}`, at: offset, size: node.nodeSize });
    else for (const word of (node.text ?? "").matchAll(/[\p{L}\p{N}]+|[^\p{L}\p{N}]/gu)) {
      found.push({ key: `${word[0]}|${marks}`, at: offset + word.index, size: word[0].length });
    }
  });
  return found;
}

function inline(a: Doc, b: Doc, x: number, y: number, into: Hunk[]): void {
  const [u, v] = [units(a), units(b)];
  let head = 0;
  while (head < u.length && head < v.length && u[head]!.key === v[head]!.key) head++;
  let tail = 0;
  while (tail < u.length - head && tail < v.length - head && u[u.length - 1 - tail]!.key === v[v.length - 1 - tail]!.key) tail++;
  const [p, q] = [u.slice(head, u.length - tail), v.slice(head, v.length - tail)];
  const kept = pairs(p.length, q.length, (i, j) => (p[i]!.key === q[j]!.key ? (p[i]!.size > 1 ? 2 : 1) : 0));
  const place = (list: typeof u, index: number, size: number): number => list[index]?.at ?? size;
  let [i, j] = [0, 0];
  for (const [m, n] of [...kept, [p.length, q.length] as [number, number]]) {
    if (m > i || n > j) {
      into.push({
        from: x + place(u, head + i, a.content.size), to: x + place(u, head + m, a.content.size),
        start: y + place(v, head + j, b.content.size), end: y + place(v, head + n, b.content.size),
      });
    }
    [i, j] = [m + 1, n + 1];
  }
}

/** What differs between two nodes of the same sort whose contents begin at `x` and `y`. */
function within(a: Doc, b: Doc, x: number, y: number, into: Hunk[]): void {
  if (a.isTextblock) return inline(a, b, x, y, into);
  const [p, q] = [children(a), children(b)];
  let head = 0;
  while (head < p.length && head < q.length && p[head]!.eq(q[head]!)) head++;
  let tail = 0;
  while (tail < p.length - head && tail < q.length - head && p[p.length - 1 - tail]!.eq(q[q.length - 1 - tail]!)) tail++;
  const [m, n] = [p.slice(head, p.length - tail), q.slice(head, q.length - tail)];
  const alone = m.length === 1 && n.length === 1;
  const kept = pairs(m.length, n.length, (i, j) => {
    const like = likeness(m[i]!, n[j]!);
    return m[i]!.eq(n[j]!) ? 2 : like > 0.3 || (alone && like) ? like : 0;
  });
  const starts = (list: Doc[], at: number): number[] => list.reduce((all, each) => [...all, all[all.length - 1]! + each.nodeSize], [at]);
  const [s, t] = [starts(p, x), starts(q, y)];
  let [i, j] = [0, 0];
  for (const [k, l] of [...kept, [m.length, n.length] as [number, number]]) {
    if (k > i || l > j) into.push({ from: s[head + i]!, to: s[head + k]!, start: t[head + j]!, end: t[head + l]! });
    if (k < m.length && !m[k]!.eq(n[l]!)) within(m[k]!, n[l]!, s[head + k]! + 1, t[head + l]! + 1, into);
    [i, j] = [k + 1, l + 1];
  }
}

/** The changes from one document to another, in order. */
export function hunks(a: Doc, b: Doc): Hunk[] {
  const found: Hunk[] = [];
  within(a, b, 0, 0, found);
  return found.sort((one, other) => one.from - other.from || one.start - other.start);
}

const asMap = (list: Hunk[]): StepMap =>
  new StepMap(list.flatMap(({ from, to, start, end }) => [from, to - from, end - start]));

/** Bring the change from `before` to `after` into the editor. `before` is what the server made of `marker.doc`. */
export function received(state: EditorState, marker: Marker, before: Doc, after: Doc): Transaction {
  const tr = state.tr;
  // The server takes white space away at the end of a line; under the hands of who types it stays.
  const asSent = asMap(hunks(marker.doc, before)).invert();
  for (const { from, to, start, end } of hunks(before, after).reverse()) {
    const low = marker.since.map(asSent.map(from, 1), 1);
    const high = from === to ? low : Math.max(low, marker.since.map(asSent.map(to, -1), -1));
    const piece = after.slice(start, end);
    tr.replace(low, high, start === end ? Slice.empty : new Slice(piece.content, piece.openStart, piece.openEnd));
  }
  const { selection } = state;
  if (tr.docChanged && selection.empty && selection instanceof TextSelection) {
    // What comes in right at the caret goes behind it.
    tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(selection.from, -1))));
  }
  return tr.setMeta("addToHistory", false).setMeta("remote", true);
}
