// The service worker: a section page opens without a connection, as its reader saw it last. Only pages of one person
// are kept, and they go when that person does. Runs outside of any page: it must not import or export.
(() => {
  type Waits = { waitUntil(work: Promise<unknown>): void };
  type Asked = Waits & { request: Request; respondWith(answer: Promise<Response>): void };
  type Told = Waits & { data: unknown };
  type Scope = {
    skipWaiting(): Promise<void>;
    clients: { claim(): Promise<void>; matchAll(options: object): Promise<{ url: string }[]> };
    addEventListener(type: "install" | "activate", listen: (event: Waits) => void): void;
    addEventListener(type: "fetch", listen: (event: Asked) => void): void;
    addEventListener(type: "message", listen: (event: Told) => void): void;
    // What the server puts before this script (config/views.py).
    KOERS: { assets: string[]; logout: string; offline: string; policy: string };
  };
  const scope = self as unknown as Scope;
  const { assets, logout, offline, policy } = scope.KOERS;

  const PAGES = "koers-pages-1";
  const ASSETS = "koers-assets-1";
  const PERSON = "koers-person-1";
  const AT = "x-koers-at";
  const PATIENCE = 4000;
  const KEEP = 14 * 86_400_000;
  const MOST = 150;

  const PAGE = /^\/w\/[0-9a-f-]{36}\/(?:s\/[^/]+\/)?$/;
  const FIELD = /^\/w\/[0-9a-f-]{36}\/field\/$/;
  const ASSET = /^\/static\/koers\/dist\/assets\//;
  // A workshop is live or it is nothing: its pages bring their own signs of a lost connection.
  const LIVE = /^\/(?:join|room|screen)\//;
  const DOWNLOAD = /\/(?:export|download|events)(?:\/|$)/;

  /** Whoever left meanwhile: what was asked before belongs to nobody. */
  let generation = 0;

  const headerOf = (response: Response, name: string): string => response.headers.get(name) ?? "";
  const ageOf = (response: Response): number => Date.now() - Number(headerOf(response, AT));
  const isPage = (response: Response): boolean => response.status === 200 && headerOf(response, "content-type").startsWith("text/html");

  function dated(body: BodyInit, response: Response): Response {
    const headers = new Headers(response.headers);
    for (const name of ["content-encoding", "content-length", "set-cookie"]) headers.delete(name);
    headers.set(AT, String(Date.now()));
    return new Response(body, { headers });
  }

  async function forgetPages(): Promise<void> {
    generation += 1;
    await Promise.all([caches.delete(PAGES), caches.delete(PERSON)]);
  }

  /** Of whom a page is; a page of nobody says that somebody signed out. */
  async function belongs(text: string): Promise<boolean> {
    const [, person] = /<body[^>]*\sdata-user="([^"]*)"/.exec(text) ?? [];
    if (person === undefined) return false;
    const cache = await caches.open(PERSON);
    const known = await (await cache.match("/"))?.text();
    if (person === known) return true;
    await forgetPages();
    if (person) await (await caches.open(PERSON)).put("/", new Response(person));
    return person !== "";
  }

  async function prune(): Promise<void> {
    const cache = await caches.open(PAGES);
    const found: [Request, number][] = [];
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      if (response) found.push([request, ageOf(response)]);
    }
    found.sort((one, other) => one[1] - other[1]);
    await Promise.all(found.filter(([, age], index) => age > KEEP || index >= MOST).map(([request]) => cache.delete(request)));
  }

  const workbookOf = (path: string): string => path.split("/", 3).join("/") + "/";

  /** Rights do not outlive the member: with one page, all copies of its workbook go. */
  async function forgetWorkbook(path: string): Promise<void> {
    const cache = await caches.open(PAGES);
    const start = workbookOf(path);
    for (const request of await cache.keys()) if (new URL(request.url).pathname.startsWith(start)) await cache.delete(request);
  }

  const sectionOf = (url: URL): string => (url.searchParams.get("key") ?? "").split("/")[0] ?? "";

  /** The fields of a section that were read apart from their page. */
  async function fieldsOf(path: string): Promise<[Request, Response][]> {
    const [, section] = /\/s\/([^/]+)\/$/.exec(path) ?? [];
    if (!section) return [];
    const cache = await caches.open(PAGES);
    const found: [Request, Response][] = [];
    for (const request of await cache.keys()) {
      const url = new URL(request.url);
      if (!FIELD.test(url.pathname) || workbookOf(url.pathname) !== workbookOf(path) || sectionOf(url) !== decodeURIComponent(section)) continue;
      const response = await cache.match(request);
      if (response) found.push([request, response]);
    }
    return found;
  }

  /** Learn from a page that came in: who is here, and what may be kept of it. */
  async function learn(path: string, response: Response, begun: number, generated: number): Promise<void> {
    const isKept = PAGE.test(path);
    if (isKept && (response.status === 404 || response.status === 403 || response.type === "opaqueredirect")) {
      await forgetWorkbook(path);
      return;
    }
    if (!isPage(response)) return;
    const text = await response.text();
    if (generated !== generation || !(await belongs(text)) || !isKept) return;
    const cache = await caches.open(PAGES);
    await cache.put(path, dated(text, response));
    for (const [request, field] of await fieldsOf(path)) if (Number(headerOf(field, AT)) < begun) await cache.delete(request);
    await prune();
  }

  async function learnField(url: URL, response: Response, generated: number): Promise<void> {
    if (response.status !== 200) return;
    const text = await response.text();
    const cache = await caches.open(PAGES);
    const page = `${workbookOf(url.pathname)}s/${sectionOf(url)}/`;
    if (generated === generation && (await cache.match(page))) await cache.put(url.href, dated(text, response));
  }

  /** The last seen copy of a page, which says so, with the fields that were seen later than itself. */
  async function copy(path: string): Promise<Response | null> {
    const cache = await caches.open(PAGES);
    const found = await cache.match(path);
    if (!found || ageOf(found) > KEEP) return null;
    const fields = await Promise.all((await fieldsOf(path)).map(([, field]) => field.text()));
    const at = new Date(Number(headerOf(found, AT))).toISOString();
    const text = (await found.text())
      .replace("<body ", () => `<body data-copy-from="${at}" `)
      .replace("</body>", () => `${fields.map((html) => `<template data-copy-field>${html}</template>`).join("")}</body>`);
    return new Response(text, { headers: found.headers });
  }

  const escaped = (text: string): string => text.replace(/[<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

  /** A page that tells that there is no connection, and what can be opened without. */
  async function offlinePage(): Promise<Response> {
    const cache = await caches.open(PAGES);
    const links: [string, string][] = [];
    for (const request of await cache.keys()) {
      const { pathname } = new URL(request.url);
      const response = PAGE.test(pathname) ? await cache.match(request) : undefined;
      if (!response || ageOf(response) > KEEP) continue;
      const [, title] = /<title>([^<]*)<\/title>/.exec(await response.text()) ?? [];
      links.push([pathname, (title ?? pathname).replace(/ · Koers\s*$/, "")]);
    }
    links.sort((one, other) => one[0].localeCompare(other[0], undefined, { numeric: true }));
    const list = links.map(([path, title]) => `<li><a href="${escaped(path)}">${title.replace(/[<>]/g, "")}</a></li>`).join("");
    const text = offline.replaceAll("<!--pages-->", () => list).replace("<body", () => `<body data-copies="${links.length}"`);
    return new Response(text, {
      status: 503,
      headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": policy, "cache-control": "no-store" },
    });
  }

  const UNREACHABLE = new Set([502, 503, 504]);

  async function visit(event: Asked, path: string): Promise<Response> {
    const begun = Date.now();
    const generated = generation;
    const coming = fetch(event.request).then((response) => {
      event.waitUntil(learn(path, response.clone(), begun, generated).catch(() => undefined));
      return response;
    });
    event.waitUntil(coming.catch(() => undefined));
    const kept = PAGE.test(path);
    const late = new Promise<null>((next) => setTimeout(() => next(null), PATIENCE));
    const response = await (kept ? Promise.race([coming, late]) : coming).catch(() => undefined);
    if (response && !(kept && UNREACHABLE.has(response.status))) return response;
    const last = kept ? await copy(path).catch(() => null) : null;
    if (last) return last;
    return (response ?? (response === null ? await coming.catch(() => undefined) : undefined)) ?? offlinePage();
  }

  async function asset(request: Request): Promise<Response> {
    const cache = await caches.open(ASSETS);
    const found = await cache.match(request, { ignoreVary: true });
    if (found) return found;
    const response = await fetch(request);
    if (response.status === 200) await cache.put(request.url, dated(await response.clone().arrayBuffer(), response)).catch(() => undefined);
    return response;
  }

  async function fetchAsset(path: string): Promise<void> {
    const cache = await caches.open(ASSETS);
    if (await cache.match(path, { ignoreVary: true })) return;
    const response = await fetch(path);
    if (response.status === 200) await cache.put(path, dated(await response.arrayBuffer(), response));
  }

  async function refresh(address: string): Promise<void> {
    const url = new URL(address, location.origin);
    if (url.origin !== location.origin || !(PAGE.test(url.pathname) || FIELD.test(url.pathname))) return;
    const begun = Date.now();
    const generated = generation;
    const response = await fetch(url, { credentials: "same-origin", redirect: "manual" });
    if (FIELD.test(url.pathname)) await learnField(url, response, generated);
    else await learn(url.pathname, response, begun, generated);
  }

  /** Pages that are kept may still ask for the assets of a version before: they go when no page can be that old. */
  async function tidy(): Promise<void> {
    for (const name of await caches.keys()) {
      if (name.startsWith("koers-") && ![PAGES, ASSETS, PERSON].includes(name)) await caches.delete(name);
    }
    const cache = await caches.open(ASSETS);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      if (response && !assets.includes(new URL(request.url).pathname) && ageOf(response) > KEEP) await cache.delete(request);
    }
    await prune();
  }

  scope.addEventListener("install", (event) => {
    void scope.skipWaiting();
    event.waitUntil(Promise.allSettled(assets.map(fetchAsset)));
  });

  scope.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      await scope.clients.claim();
      await tidy();
      // The page that brought the worker along came in before it.
      const open = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
      await Promise.allSettled(open.map(({ url }) => refresh(url)));
    })());
  });

  scope.addEventListener("message", (event) => {
    const { refresh: address } = (event.data ?? {}) as { refresh?: unknown };
    if (typeof address === "string") event.waitUntil(refresh(address).catch(() => undefined));
  });

  scope.addEventListener("fetch", (event) => {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.method === "POST" && url.pathname === logout) event.waitUntil(forgetPages());
    if (request.method !== "GET") return;
    if (ASSET.test(url.pathname)) event.respondWith(asset(request));
    else if (request.mode === "navigate" && !DOWNLOAD.test(url.pathname) && !LIVE.test(url.pathname)) event.respondWith(visit(event, url.pathname));
  });
})();
