// Nothing scrolls on a projector: what does not fit is made smaller, step by step.
const SMALLEST = 0.42;
const STEP = 0.94;

export function fit(stage: HTMLElement): void {
  const scene = stage.firstElementChild as HTMLElement | null;
  if (!scene) return;
  let size = 1;
  const overflows = (): boolean => scene.scrollHeight > stage.clientHeight || stage.scrollHeight > stage.clientHeight + 1 || scene.scrollWidth > stage.clientWidth + 1;
  stage.style.setProperty("--fit", "1");
  while (overflows() && size > SMALLEST) {
    size *= STEP;
    stage.style.setProperty("--fit", size.toFixed(3));
  }
}
