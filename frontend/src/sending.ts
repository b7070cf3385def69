// Saying something to the server: with the token of this session, also while the page goes.

const KEEPALIVE_LIMIT = 30_000;

export function token(): string {
  // Signing in again in another tab gives a new token: the cookie has it.
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? document.body.dataset["csrf"] ?? "";
}

/** Send JSON, or a form. */
export async function post(url: string, body: string | URLSearchParams, more: Record<string, string> = {}): Promise<Response> {
  const kind = typeof body === "string" ? { "Content-Type": "application/json" } : {};
  const request: RequestInit = {
    method: "POST", body, credentials: "same-origin", redirect: "manual",
    headers: { ...kind, "X-CSRFToken": token(), ...more },
  };
  if (String(body).length > KEEPALIVE_LIMIT) return fetch(url, request);
  try {
    return await fetch(url, { ...request, keepalive: true });
  } catch (error) {
    // Browsers bound what may outlive a page; when that is full, an ordinary request still goes.
    if (navigator.onLine === false) throw error;
    return fetch(url, request);
  }
}

/** Send JSON and read what comes back; status 0 when nothing did. */
export async function ask<Reply>(url: string, body: string): Promise<{ status: number; reply: Partial<Reply> }> {
  try {
    const response = await post(url, body);
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, reply: isJson ? ((await response.json()) as Reply) : {} };
  } catch {
    return { status: 0, reply: {} };
  }
}

/** Look something up; null when it is not to be had. */
export async function look(url: string, more: Record<string, string> = {}): Promise<Response | null> {
  const response = await fetch(url, { redirect: "manual", headers: more }).catch(() => null);
  return response?.ok ? response : null;
}
