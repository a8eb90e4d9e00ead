// @ts-check

/** The panel around the iframe; what the launcher looks like is in `loader.js`. */
export const look = `
.panel { position: fixed; inset-block-end: 90px; inset-inline-end: 20px; inline-size: 400px;
  block-size: min(680px, calc(100dvh - 110px)); border-radius: 18px; overflow: hidden;
  color-scheme: light dark; background: canvas; color: canvastext;
  box-shadow: 0 18px 60px rgb(0 20 30 / .24), 0 0 0 1px rgb(0 20 30 / .07);
  transition: opacity .18s, transform .18s, visibility 0s }
.panel[data-theme=light] { color-scheme: light }
.panel[data-theme=dark] { color-scheme: dark }
.panel[data-open=false] { visibility: hidden; opacity: 0; transform: translateY(10px);
  transition-delay: 0s, 0s, .18s }
iframe { display: block; inline-size: 100%; block-size: 100%; border: 0; color-scheme: normal;
  transition: opacity .12s }
.panel:not([data-state=ready]) iframe { opacity: 0 }
.panel[data-state=ready] .wait { display: none }
.wait { position: absolute; inset: 0; display: grid; place-content: center; justify-items: center;
  gap: 16px; padding: 32px; text-align: center; font: 400 15px/1.5 system-ui, sans-serif }
.wait p { margin: 0; max-inline-size: 26ch }
.panel[data-state=loading] :is(.failed, .again, .leave) { display: none }
.panel[data-state=failed] .dots { display: none }
.dots { display: flex; gap: 6px; opacity: 0; animation: appear .2s .5s forwards }
.dots i { inline-size: 9px; block-size: 9px; border-radius: 50%; background: var(--brand);
  animation: breathe 1.2s infinite }
.dots i:nth-child(2) { animation-delay: .15s }
.dots i:nth-child(3) { animation-delay: .3s }
.wait button { font: 600 14px/1 system-ui, sans-serif; min-block-size: 40px; padding: 0 18px;
  border: 0; border-radius: 20px; background: var(--brand); color: var(--ink); cursor: pointer }
.wait button.leave { background: none; color: inherit; text-decoration: underline }
.wait button:focus-visible { outline: 3px solid currentColor; outline-offset: 2px }
@keyframes appear { to { opacity: 1 } }
@keyframes breathe { 0%, 60%, 100% { opacity: .3 } 30% { opacity: 1 } }
@media (max-width: 480px) {
  .panel { inset: 0; inline-size: 100%; block-size: 100dvh; border-radius: 0 }
  .panel[data-open=true] ~ .launcher { display: none }
  .panel[data-state=loading] .leave { display: block }
}
@media (prefers-reduced-motion: reduce) {
  .panel, iframe { transition: none }
  .dots { animation-duration: 0s }
  .dots i { animation: none }
}
@media (forced-colors: active) {
  .panel { border: 1px solid CanvasText }
  .wait button { border: 2px solid ButtonText }
  .dots i { background: CanvasText }
}`;
