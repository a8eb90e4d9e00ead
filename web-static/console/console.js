// @ts-check

import { wakeWith } from "../shared/connection.js";
import { byID } from "../shared/dom.js";
import { Api } from "./api.js";
import { Desk } from "./desk.js";
import { showLogin } from "./elements/login-form.js";

const api = new Api();
const login = byID("login");

const agent = await api.session().catch(() => null);
if (agent) begin(agent);
else askWho();

function askWho() {
  byID("desk").hidden = true;
  login.hidden = false;
  showLogin(login, async (email, password) => begin(await api.login(email, password)));
}

/** @param {any} agent */
function begin(agent) {
  login.hidden = true;
  login.replaceChildren();
  byID("desk").hidden = false;
  const desk = new Desk(api, agent);
  wakeWith(desk, window);
  desk.begin();
}
