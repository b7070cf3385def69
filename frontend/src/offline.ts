/** Let pages open without a connection (worker.ts), where the browser can; when the page has nothing else to do. */
export function registerWorker(): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const register = (): void => {
    navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" }).catch(() => undefined);
  };
  const atRest = (): void => {
    if ("requestIdleCallback" in window) requestIdleCallback(register, { timeout: 4000 });
    else setTimeout(register, 1000);
  };
  if (document.readyState === "complete") atRest();
  else addEventListener("load", atRest, { once: true });
}
