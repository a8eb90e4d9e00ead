// @ts-check

/** Outlines on a grid of 24, drawn with a stroke of the text's colour. */
const outlines = {
  send: "M5 12h13M12.5 6l6 6-6 6",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  back: "M14.5 5l-7 7 7 7",
  forward: "M9.5 5l7 7-7 7",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
  bot: "M7 8h10a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3v-5a3 3 0 0 1 3-3M12 8V4.5M9 13v1M15 13v1",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 7.5V12l3 2",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  ticks: "M2.5 12.5L7 17l8.5-9.5M11.5 16l1 1L21.5 7.5",
  alert: "M12 8v5M12 16.5v.01M12 3.5l9 16H3z",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4",
  page: "M6.5 3.5h7l4 4v13h-11zM13 4v4h4M9 12.5h6M9 16h6",
  note: "M5 4.5h14v9.5l-5 5.5H5zM14 19.5V14h5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5L20 20",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10",
  check: "M5 12.5l4.5 4.5L19 7.5",
  pause: "M8.5 6v12M15.5 6v12",
  swap: "M4.5 9h14l-4-4M19.5 15h-14l4 4",
  hand: "M8 12V6a1.5 1.5 0 0 1 3 0v5-6a1.5 1.5 0 0 1 3 0v6-4a1.5 1.5 0 0 1 3 0v7a6 6 0 0 1-6 6c-3 0-4.5-1.5-6-4l-1.5-3c-.8-1.5 1-2.5 2-1.2z",
  spark: "M12 4l1.7 5L19 11l-5.3 2L12 19l-1.7-6L5 11l5.3-2z",
  tag: "M4 4h7l9 9-7 7-9-9zM8 8v.01",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M12 11v5M12 8v.01",
  keyboard: "M3.5 7h17v10.5h-17zM7 10.5v.01M10.5 10.5v.01M14 10.5v.01M17 10.5v.01M8 14.5h8",
  thumbUp: "M8 10.5v9H4.5v-9zM8 10.5l3.5-7a2 2 0 0 1 2 2.3l-.6 3.7h4.9a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H8",
  thumbDown: "M8 13.5v-9H4.5v9zM8 13.5l3.5 7a2 2 0 0 0 2-2.3l-.6-3.7h4.9a2 2 0 0 0 2-2.4l-1.2-6a2 2 0 0 0-2-1.6H8",
  star: "M12 4.5l2.3 4.9 5.2.6-3.9 3.6 1.1 5.2L12 16.2l-4.7 2.6 1.1-5.2L4.5 10l5.2-.6z",
  inbox: "M4 13l2.5-8h11L20 13v6H4zM4 13h4.5l1.5 2.5h4L15.5 13H20",
  leave: "M14 7V4.5H5v15h9V17M10 12h10M17 9l3 3-3 3",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  plus: "M12 5v14M5 12h14",
  bolt: "M13 3.5L5.5 13.5H11l-1 7 7.5-10H12z",
  plug: "M9 3.5V8M15 3.5V8M6 8h12v3.5a6 6 0 0 1-12 0zM12 17.5v3",
  out: "M13.5 5H19v5.5M19 5l-8.5 8.5M16.5 14v5H5V7.5h5",
  eye: "M3 12c2.2-4 5.2-6 9-6s6.8 2 9 6c-2.2 4-5.2 6-9 6s-6.8-2-9-6M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  pen: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3",
  list: "M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5v.01M4.5 12v.01M4.5 17.5v.01",
  clip: "M19.5 11.5l-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8.3-8.3a3 3 0 0 1 4.3 4.3l-8.3 8.2a1.5 1.5 0 0 1-2.1-2.1l7.3-7.3",
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 4.5M14.5 9.5v.01",
  face1: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9 9.8v.01M15 9.8v.01M8.5 16.2c1-1.8 2.2-2.5 3.5-2.5s2.5.7 3.5 2.5",
  face2: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9 9.8v.01M15 9.8v.01M9 15.6c.8-.8 1.8-1.2 3-1.2s2.2.4 3 1.2",
  face3: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9 9.8v.01M15 9.8v.01M9 15h6",
  face4: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9 9.8v.01M15 9.8v.01M9 14.4c.8.8 1.8 1.2 3 1.2s2.2-.4 3-1.2",
  face5: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9 9.8v.01M15 9.8v.01M8.5 13.8c.6 2 1.9 3 3.5 3s2.9-1 3.5-3z",
};

/** @typedef {keyof typeof outlines} IconName */

const namespace = "http://www.w3.org/2000/svg";

/**
 * An icon beside a label or inside a labelled control: hidden from screen readers.
 * @param {IconName} name
 * @param {number} [size] in CSS pixels
 */
export function icon(name, size = 20) {
  const svg = document.createElementNS(namespace, "svg");
  const values = {
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": name === "more" ? 3 : 1.8,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
    class: `icon icon--${name}`,
  };
  for (const [key, value] of Object.entries(values)) svg.setAttribute(key, String(value));
  const path = document.createElementNS(namespace, "path");
  path.setAttribute("d", outlines[name]);
  svg.append(path);
  return svg;
}
