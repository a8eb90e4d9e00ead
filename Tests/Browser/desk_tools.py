"""Plugins as a third party builds them, with `cc` and the header: one with two panels and two
actions, one that ends as soon as it has started."""

import json
import subprocess

import server as servers

MANIFEST = {
    "id": "test.desk-tools", "name": "Desk tools", "version": "1.0.0", "abi": 1,
    "entry": "libdesk-tools.so",
    "permissions": {"read": ["contact.email"], "http": ["{config:shop}/*"]},
    "config": {"type": "object", "required": ["token"], "properties": {
        "token": {"type": "string", "format": "secret", "title": "Access token"},
        "shop": {"type": "string", "format": "uri", "default": "https://shop.example",
                 "title": "Shop address"},
        "notify": {"type": "string", "enum": ["nobody", "by_email"], "default": "nobody",
                   "title": "Tell"},
        "address": {"type": "string", "format": "email", "title": "Whom",
                    "x-if": {"notify": "by_email"}},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 12},
                 "title": "Tags"}}},
    "contributes": {
        "actions": [
            {"name": "desk.lookup", "title": "Look up orders", "effect": "read",
             "input": {"type": "object", "properties": {}}},
            {"name": "desk.refund", "title": "Refund an order", "effect": "money",
             "confirm": "always", "amount": "cents", "timeout_ms": 5000,
             "input": {"type": "object", "required": ["order"], "properties": {
                 "order": {"type": "string", "maxLength": 12, "title": "Order", "x-order": 1},
                 "cents": {"type": "integer", "minimum": 1, "maximum": 5000,
                           "title": "Cents", "x-order": 2}}}}],
        "panels": [{"id": "orders", "title": "Orders", "refresh_s": 5},
                   {"id": "stock", "title": "Stock"}]},
    "limits": {"concurrency": 2, "memory_mb": 32},
}

PANEL = {"blocks": [
    {"type": "badge", "text": "Gold", "tone": "good"},
    {"type": "text", "text": "Drawn DRAWS times <b>bold</b>"},
    {"type": "fields", "fields": [{"name": "Spent", "value": "36.50"}]},
    {"type": "table", "columns": ["Order", "Total"], "rows": [["A-1", "12.00"]]},
    {"type": "link", "title": "Open in the shop", "url": "https://shop.example/c/1"},
    {"type": "divider"},
    {"type": "button", "title": "Latest orders", "action": "desk.lookup", "input": {}},
    {"type": "button", "title": "Refund A-1", "action": "desk.refund",
     "input": {"order": "A-1", "cents": 1200}},
    {"type": "form", "title": "Refund another", "action": "desk.refund"}]}
LOOKUP = {"summary": "2 orders", "page": "https://shop.example/pay/1",
          "orders": [{"order": "A-1", "paid": True}, {"order": "A-2", "paid": False}]}

CODE = r"""
#include <maitred_plugin.h>
#include <stdio.h>
#include <string.h>
static const maitred_host *host;
static int draws, refunds;
static void end(maitred_call *call, int32_t status, const char *json) {
    host->complete(host, call, status, (maitred_slice){(const uint8_t *)json, strlen(json)});
}
static void invoke(maitred_plugin *p, maitred_call *call, const char *method, maitred_slice in) {
    char text[1000] = "", json[4000];
    (void)p;
    memcpy(text, in.ptr, in.len < sizeof text ? in.len : sizeof text - 1);
    if (!strcmp(method, "panel/orders")) {
        snprintf(json, sizeof json, PANEL, ++draws);
        end(call, MAITRED_OK, json);
    } else if (!strcmp(method, "panel/stock")) {
        end(call, MAITRED_FAILED, "{\"message\":\"the shop does not answer\"}");
    } else if (!strcmp(method, "action/desk.lookup")) {
        end(call, MAITRED_OK, LOOKUP);
    } else if (strstr(text, "\"expired\"")) {
        end(call, MAITRED_FAILED, "{\"message\":\"the card has expired\"}");
    } else if (strstr(text, "\"later\"")) {
        end(call, MAITRED_TEMPORARY, "{\"message\":\"the shop is down\"}");
    } else if (!strcmp(method, "action/desk.refund")) {
        snprintf(json, sizeof json, "{\"summary\":\"Refund number %d\"}", ++refunds);
        end(call, MAITRED_OK, json);
    } else {
        end(call, MAITRED_OK, "{}");
    }
}
static maitred_plugin plugin = {.size = sizeof plugin, .invoke = invoke};
static maitred_plugin *create(const maitred_host *given, const char *id) {
    (void)id;
    host = given;
    return &plugin;
}
static const maitred_entry entry = {
    .size = sizeof entry, .abi_major = 1, .create = create,
    .manifest = {(const uint8_t *)MANIFEST, sizeof MANIFEST - 1}};
const maitred_entry *maitred_plugin_entry(uint32_t major) { (void)major; return &entry; }
"""


BRITTLE = {"id": "test.brittle", "name": "Brittle", "version": "1.0.0", "abi": 1,
           "entry": "libbrittle.so", "limits": {"memory_mb": 16}}

BRITTLE_CODE = r"""
#include <maitred_plugin.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static const maitred_host *host;
static void *fail(void *unused) {
    (void)unused;
    fputs("the ledger cannot be read\n", stderr);
    abort();
}
static void start(maitred_plugin *p, maitred_call *call, maitred_slice config) {
    pthread_t thread;
    (void)p, (void)config;
    host->complete(host, call, MAITRED_OK, (maitred_slice){0});
    pthread_create(&thread, NULL, fail, NULL);
}
static void invoke(maitred_plugin *p, maitred_call *call, const char *method, maitred_slice in) {
    (void)p, (void)method, (void)in;
    host->complete(host, call, MAITRED_OK, (maitred_slice){0});
}
static maitred_plugin plugin = {.size = sizeof plugin, .start = start, .invoke = invoke};
static maitred_plugin *create(const maitred_host *given, const char *id) {
    (void)id;
    host = given;
    return &plugin;
}
static const maitred_entry entry = {
    .size = sizeof entry, .abi_major = 1, .create = create,
    .manifest = {(const uint8_t *)MANIFEST, sizeof MANIFEST - 1}};
const maitred_entry *maitred_plugin_entry(uint32_t major) { (void)major; return &entry; }
"""


def build(folder):
    """Puts their bundles into a folder of plugins, and one beside them that cannot be used."""
    put(folder, "desk-tools", CODE, MANIFEST=json.dumps(MANIFEST), LOOKUP=json.dumps(LOOKUP),
        PANEL=json.dumps(PANEL).replace("DRAWS", "%d"))
    put(folder, "brittle", BRITTLE_CODE, MANIFEST=json.dumps(BRITTLE))
    (folder / "odd").mkdir()
    (folder / "odd/plugin.json").write_text(json.dumps({**MANIFEST, "entry": 5}))


def put(folder, name, code, **texts):
    """Compiles a bundle; the texts are macros of its code."""
    bundle = folder / name
    bundle.mkdir()
    (bundle / "plugin.json").write_text(texts["MANIFEST"])
    definitions = [f"#define {name} {json.dumps(text)}" for name, text in texts.items()]
    (bundle / "plugin.c").write_text("\n".join([*definitions, code]))
    subprocess.run(
        ["cc", "-Wall", "-Wextra", "-Werror", "-pthread", "-shared", "-fPIC",
         f"-I{servers.ROOT}/Sources/CMaitredPlugin/include", bundle / "plugin.c",
         "-o", bundle / f"lib{name}.so"], check=True, timeout=60)
