// @ts-check

import { fill, h } from "../../shared/dom.js";
import { WireError } from "../../shared/wire-error.js";
import { say } from "../strings.js";

/**
 * The way in.
 * @param {HTMLElement} element
 * @param {(email: string, password: string) => Promise<void>} login
 */
export function showLogin(element, login) {
  const error = h("p", { id: "login-error", class: "login__error", role: "alert" });
  const email = h(
    "input",
    {
      id: "email",
      type: "email",
      name: "email",
      autocomplete: "username",
      required: true,
      dir: "ltr",
    },
  );
  const password = h(
    "input",
    {
      id: "password",
      type: "password",
      name: "password",
      autocomplete: "current-password",
      required: true,
      "aria-describedby": "login-error",
    },
  );
  const button = h(
    "button",
    { id: "login-button", class: "button button--primary", type: "submit" },
    say("login"),
  );
  const form = h("form", { class: "login__card" },
    h("p", { class: "wordmark" }, "maitred"),
    h("h1", {}, say("loginTitle")),
    h("p", { class: "login__lead" }, say("loginLead")),
    h("label", { for: "email" }, say("email")), email,
    h("label", { for: "password" }, say("password")), password,
    error, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    button.disabled = true;
    try {
      await login(email.value.trim(), password.value);
    } catch (problem) {
      error.textContent = words(problem);
      password.select();
    }
    button.disabled = false;
  });
  fill(element, form);
  email.focus();
}

/** @param {unknown} problem */
function words(problem) {
  if (!(problem instanceof WireError)) return say("loginFailed");
  if (problem.status === 429) return say("loginOften");
  return problem.status < 500 && problem.status >= 400 ? say("loginWrong") : say("loginFailed");
}
