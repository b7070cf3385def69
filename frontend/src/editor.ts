// The editor of rich texts: an island of its own, loaded when somebody begins to write.
import { Editor } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions";
import { DOMParser as Reader, DOMSerializer, type Node as Doc } from "@tiptap/pm/model";
import { Selection } from "@tiptap/pm/state";
import { Mapping } from "@tiptap/pm/transform";
import { button, fragment, make } from "./dom";
import { cleanPaste } from "./paste";
import { type Marker, received } from "./remote";
import { say } from "./words";

export type Writer = {
  html(): string;
  set(html: string): void;
  /** What this editor makes of a text: less than the text, when it is older than what wrote it. */
  reading(html: string): string;
  /** The text as it is now, to bring later changes of others into; `release` it when that is over. */
  mark(): Marker;
  release(marker: Marker): void;
  /** Bring in what changed on the server since `marker`, which it stored as `before`. False when that failed. */
  receive(marker: Marker, before: string, after: string): boolean;
  /** The words that are selected. */
  selected(): string;
  focus(at?: { left: number; top: number }): void;
  type(text: string): void;
  destroy(): void;
};

const SIMPLE = "paragraph | bulletList | orderedList";

type Tool = {
  name: string;
  glyph: string;
  active?: (editor: Editor) => boolean;
  run: (editor: Editor) => void;
  keys?: string;
};

const TOOLS: Tool[] = [
  { name: "bold", glyph: "M7 5h6a3.5 3.5 0 0 1 0 7H7zm0 7h7a3.5 3.5 0 0 1 0 7H7z", keys: "Control+B", active: (e) => e.isActive("bold"), run: (e) => e.chain().focus().toggleBold().run() },
  { name: "italic", glyph: "M10 5h7M7 19h7M14 5l-4 14", keys: "Control+I", active: (e) => e.isActive("italic"), run: (e) => e.chain().focus().toggleItalic().run() },
  { name: "heading", glyph: "M5 5v14M13 5v14M5 12h8M17 11l2.5-1.5V19", active: (e) => e.isActive("heading", { level: 3 }), run: (e) => e.chain().focus().toggleHeading({ level: 3 }).run() },
  { name: "subheading", glyph: "M5 6v12M12 6v12M5 12h7M16 12.5c0-2 4-2 4 0 0 1.5-4 3-4 5.5h4", active: (e) => e.isActive("heading", { level: 4 }), run: (e) => e.chain().focus().toggleHeading({ level: 4 }).run() },
  { name: "bullets", glyph: "M9 6h11M9 12h11M9 18h11M4.5 6v.1M4.5 12v.1M4.5 18v.1", active: (e) => e.isActive("bulletList"), run: (e) => e.chain().focus().toggleBulletList().run() },
  { name: "numbers", glyph: "M10 6h10M10 12h10M10 18h10M4 5l1.200-.8V9M4 15.5c0-1.300 2.300-1.300 2.300.1 0 1-2.300 1.700-2.300 3.400h2.400", active: (e) => e.isActive("orderedList"), run: (e) => e.chain().focus().toggleOrderedList().run() },
  { name: "quote", glyph: "M10 7H5v5h4c0 3-1 4-3 5M19 7h-5v5h4c0 3-1 4-3 5", active: (e) => e.isActive("blockquote"), run: (e) => e.chain().focus().toggleBlockquote().run() },
  { name: "table", glyph: "M4 5h16v14H4zM4 10h16M4 14.5h16M12 5v14", active: (e) => e.isActive("table"), run: (e) => e.chain().focus().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run() },
];

function drawn(path: string): SVGSVGElement {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(ns, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A row of buttons through which arrow keys walk, as a toolbar should. */
function toolbar(editor: Editor, label: string): { bar: HTMLElement; refresh: () => void } {
  const bar = make("div", { class: "toolbar", role: "toolbar", "aria-label": `${say("toolbar")}: ${label}` });
  const marks: [HTMLButtonElement, Tool][] = [];
  const toggle = (tool: Tool): void => {
    const made = button("", "icon-button", () => tool.run(editor));
    made.append(drawn(tool.glyph));
    made.setAttribute("aria-label", say(tool.name));
    made.title = say(tool.name);
    if (tool.keys) made.setAttribute("aria-keyshortcuts", tool.keys);
    made.addEventListener("mousedown", (event) => event.preventDefault());
    marks.push([made, tool]);
    bar.append(made);
  };
  const link: Tool = {
    name: "link",
    glyph: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700L12 17",
    active: (e) => e.isActive("link"),
    keys: "Control+K",
    run: () => askLink(editor, bar),
  };
  TOOLS.slice(0, 2).forEach(toggle);
  toggle(link);
  TOOLS.slice(2).forEach(toggle);
  const inTable = make("span", { class: "toolbar-more", hidden: "" });
  inTable.append(
    button(say("row"), "as-link", () => editor.chain().focus().addRowAfter().run()),
    button(say("column"), "as-link", () => editor.chain().focus().addColumnAfter().run()),
    button(say("dropTable"), "as-link", () => editor.chain().focus().deleteTable().run()),
  );
  bar.append(inTable);
  const stops = (): HTMLButtonElement[] => Array.from(bar.querySelectorAll<HTMLButtonElement>("button")).filter((b) => b.offsetParent);
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !(event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const all = stops();
    all[(all.indexOf(event.target) + step + all.length) % all.length]?.focus();
  });
  bar.addEventListener("focusin", (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    for (const each of bar.querySelectorAll("button")) each.tabIndex = each === event.target ? 0 : -1;
  });
  marks.forEach(([made], index) => (made.tabIndex = index ? -1 : 0));
  const refresh = (): void => {
    for (const [made, tool] of marks) made.setAttribute("aria-pressed", String(tool.active?.(editor) ?? false));
    inTable.hidden = !editor.isActive("table");
  };
  refresh();
  return { bar, refresh };
}

/** Where a link goes: asked in a line at the toolbar. */
function askLink(editor: Editor, bar: HTMLElement): void {
  bar.parentElement?.querySelector(".link-line")?.remove();
  const before = String(editor.getAttributes("link")["href"] ?? "");
  const input = make("input", { type: "url", value: before, placeholder: "https://", "aria-label": say("linkAddress") });
  const close = (): void => {
    line.remove();
    editor.commands.focus();
  };
  const apply = (): void => {
    const typed = input.value.trim();
    const href = /^(https?:|mailto:)/i.test(typed) || !typed ? typed : typed.includes("@") ? `mailto:${typed}` : `https://${typed}`;
    line.remove();
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) chain.unsetLink().run();
    else if (editor.state.selection.empty && !before) {
      chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    } else chain.setLink({ href }).run();
  };
  const line = make("div", { class: "link-line" }, input, button(say("apply"), "button small", apply));
  if (before) {
    line.append(button(say("removeLink"), "button small quiet", () => {
      input.value = "";
      apply();
    }));
  }
  line.append(button(say("cancel"), "as-link", close));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      apply();
    } else if (event.key === "Escape") close();
  });
  bar.before(line);
  input.focus();
}

/** Put an editor in the place of the text that was shown. */
export function mount(box: HTMLElement, html: string, label: string, describedBy: string, changed: () => void): Writer {
  const attributes: Record<string, string> = {
    class: "prose",
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": label,
    lang: document.documentElement.lang,
  };
  if (describedBy) attributes["aria-describedby"] = describedBy;
  const place = make("div", { class: "writing" });
  const markers = new Set<Marker>();
  const editor = new Editor({
    element: place,
    content: html,
    injectCSS: false,
    extensions: [
      // The closed schema of kit/richtext: what the server would flatten cannot be made here.
      Document, Paragraph, Text, HardBreak, Bold, Italic, BulletList, OrderedList, ListKeymap,
      ListItem.extend({ content: `paragraph (${SIMPLE})*` }),
      Blockquote.extend({ content: `(${SIMPLE})+` }),
      Heading.extend({ content: "text*", marks: "italic link" }).configure({ levels: [3, 4] }),
      Link.configure({
        openOnClick: false,
        autolink: true,
        // Not every word with a full stop in it is an address.
        shouldAutoLink: (url) => /^(https?:\/\/|mailto:)/i.test(url),
        isAllowedUri: (url) => /^(https?:|mailto:)/i.test(url),
        HTMLAttributes: { target: null, rel: "noopener noreferrer", class: null },
      }),
      Table.configure({ resizable: false }), TableRow,
      TableHeader.extend({ content: "paragraph" }), TableCell.extend({ content: "paragraph" }),
      UndoRedo,
    ],
    editorProps: {
      attributes,
      // What is pasted is read without running or loading anything of it.
      transformPastedHTML: cleanPaste,
    },
    onUpdate: ({ transaction }) => {
      if (!transaction.getMeta("remote")) changed();
    },
    onTransaction: ({ transaction }) => {
      for (const marker of markers) for (const map of transaction.mapping.maps) marker.since.appendMap(map);
    },
  });
  const read = (text: string): Doc =>
    Reader.fromSchema(editor.schema).parse(fragment(`<div>${text}</div>`) ?? make("div"));
  const { bar, refresh } = toolbar(editor, label);
  editor.on("transaction", refresh);
  editor.view.dom.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      askLink(editor, bar);
    } else if (event.altKey && event.key === "F10") bar.querySelector("button")?.focus();
  });
  box.replaceChildren(place, bar);
  return {
    html: () => (editor.isEmpty ? "" : editor.getHTML()),
    set: (text) => void editor.commands.setContent(text, { emitUpdate: false }),
    reading: (text) => {
      const into = make("div");
      into.append(DOMSerializer.fromSchema(editor.schema).serializeFragment(read(text).content));
      return into.innerHTML;
    },
    mark: () => {
      const marker = { doc: editor.state.doc, since: new Mapping() };
      markers.add(marker);
      return marker;
    },
    release: (marker) => void markers.delete(marker),
    receive: (marker, before, after) => {
      try {
        const transaction = received(editor.state, marker, read(before), read(after));
        transaction.doc.check();
        editor.view.dispatch(transaction);
        return true;
      } catch {
        return false;
      }
    },
    selected: () => {
      const { from, to } = editor.state.selection;
      return editor.state.doc.textBetween(from, to, " ").trim();
    },
    // At once, not in the next frame as the editor's own command would: keys that come in between would be lost.
    focus: (at) => {
      const { state, view } = editor;
      const found = at && view.posAtCoords(at);
      const selection = found ? Selection.near(state.doc.resolve(found.pos)) : Selection.atEnd(state.doc);
      view.dispatch(state.tr.setSelection(selection));
      view.focus();
    },
    type: (text) => void editor.commands.insertContent({ type: "text", text }),
    destroy: () => editor.destroy(),
  };
}
