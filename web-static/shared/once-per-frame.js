// @ts-check

/** Frames may stay away from a page that is seen: embedded ones out of view, busy machines. */
const atLatest = 250;

/**
 * Draws once per frame however much has changed. A page that is not seen has no frames: there it
 * is drawn as soon as everything at hand is done.
 * @param {() => void} draw
 * @returns {() => void} asks for it
 */
export function oncePerFrame(draw) {
  let isPlanned = false;
  const drawIt = () => {
    if (!isPlanned) return;
    isPlanned = false;
    draw();
  };
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    if (document.visibilityState !== "visible") return queueMicrotask(drawIt);
    const late = setTimeout(drawIt, atLatest);
    requestAnimationFrame(() => {
      clearTimeout(late);
      drawIt();
    });
  };
}
