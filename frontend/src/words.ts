// The words of the interface, translated by the server (kit/scripts.py).
let known: Record<string, string> | undefined;

export function say(name: string, filled: Record<string, string | number> = {}): string {
  known ??= JSON.parse(document.getElementById("strings")?.textContent || "{}") as Record<string, string>;
  const text = known[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => String(filled[key] ?? whole));
}

export function clock(at: Date): string {
  return at.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

export function decimal(value: number): string {
  return value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 2 });
}
