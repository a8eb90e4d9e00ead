// @ts-check

/**
 * Draws once per frame however much has changed. A page that is not seen has no frames: there it
 * is drawn as soon as everything at hand is done.
 * @param {() => void} draw
 * @returns {() => void} asks for it
 */
export function oncePerFrame(draw) {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    const plan = document.visibilityState === "visible" ? requestAnimationFrame : queueMicrotask;
    plan(() => {
      isPlanned = false;
      draw();
    });
  };
}
