"""A plugin that writes: drafts and summaries in parts, translations, and letters of a customer.

A draft and a summary wait after their first parts until the action `writer.finish` is asked for;
`writer.letter` has a letter come. To who was "charged twice" a draft proposes `writer.refund`.
"""

import json
import subprocess

import server as servers

REFUND = {
    "name": "writer.refund", "title": "Refund a charge", "effect": "money", "confirm": "always",
    "description": "Gives a customer their money back.",
    "input": {"type": "object", "required": ["charge"], "properties": {
        "charge": {"type": "string", "title": "Charge", "x-order": 1},
        "amount": {"type": "integer", "title": "Amount in cents", "x-order": 2},
        "reason": {"type": "string", "title": "Reason", "format": "multiline", "x-order": 3},
        "notify": {"type": "boolean", "title": "Tell the customer", "default": True}}}}
MANIFEST = {
    "id": "test.writer", "name": "Writer", "version": "1.0.0", "abi": 1,
    "entry": "libwriter.so",
    "permissions": {"write": ["conversation.post"]},
    "contributes": {
        "hooks": [{"on": name, "mode": "provide", "deadline_ms": 20000}
                  for name in ("reply.draft", "conversation.summary", "translate",
                               "channel.send")],
        "actions": [*[{"name": f"writer.{name}", "title": name, "effect": "read",
                       "input": {"type": "object", "properties": {}}}
                      for name in ("finish", "letter")], REFUND]},
    "limits": {"concurrency": 4, "memory_mb": 32},
}

TEXTS = {
    "MANIFEST": MANIFEST,
    "DRAFT": {"text": "Yearly plans are renewed by themselves [1].",
              "citations": [{"id": "p1", "quote": "renewed by themselves"}]},
    "REFUSED": {"text": "", "refused": True, "reason": "No article is about it"},
    "PROPOSING": {
        "text": "", "refused": True, "reason": "No article is about it",
        "proposals": [
            {"action": "writer.refund", "input": {
                "charge": "ch_1001", "amount": 2500, "reason": "Charged twice on 3 November"}},
            {"action": "writer.refund", "input": {"amount": 1}},
            {"action": "writer.vanish", "input": {}}]},
    "REFUNDED": {"summary": "25.00 are on their way."},
    "SUMMARY": {"text": "Asks about yearly plans."},
    "TRANSLATION": {"text": "Where is my parcel?"},
    "LETTER": {"text": "I wrote a letter: I want to talk to a person", "id": "letter-0001",
               "contact": {"email": "ida@example.net", "name": "Ida Holm"},
               "reply_to": "ida@example.net"},
}

CODE = r"""
#include <maitred_plugin.h>
#include <stddef.h>
#include <string.h>
static const maitred_host *host;
static maitred_call *_Atomic waiting;
static const char *_Atomic answer;
static maitred_slice slice(const char *text) {
    return (maitred_slice){(const uint8_t *)text, strlen(text)};
}
static void end(maitred_call *call, int32_t status, const char *json) {
    if (call) host->complete(host, call, status, slice(json));
}
static void hold(maitred_call *call, const char *first, const char *second, const char *whole) {
    answer = whole;
    waiting = call;
    host->part(host, call, slice(first));
    host->part(host, call, slice(second));
}
static void written(void *call, int32_t status, maitred_slice out) {
    host->complete(host, call, status, out);
}
static maitred_call *let_go(void) { return __atomic_exchange_n(&waiting, NULL, __ATOMIC_SEQ_CST); }
static void invoke(maitred_plugin *p, maitred_call *call, const char *method, maitred_slice in) {
    char text[2000] = "";
    (void)p;
    memcpy(text, in.ptr, in.len < sizeof text ? in.len : sizeof text - 1);
    if (!strcmp(method, "provide/reply.draft")) {
        hold(call, "{\"text\":\"Yearly \"}", "{\"text\":\"plans [1\"}",
             strstr(text, "charged twice") ? PROPOSING
             : strstr(text, "unheard of") ? REFUSED : DRAFT);
    } else if (!strcmp(method, "provide/conversation.summary")) {
        hold(call, "{\"text\":\"Asks \"}", "{\"text\":\"about\"}", SUMMARY);
    } else if (!strcmp(method, "provide/translate")) {
        int fails = strstr(text, "kaputt") != NULL;
        end(call, fails ? MAITRED_FAILED : MAITRED_OK,
            fails ? "{\"message\":\"the model is off\"}" : TRANSLATION);
    } else if (!strcmp(method, "action/writer.letter")) {
        const maitred_service_1 *service = host->get_service(host, MAITRED_CONVERSATIONS_SERVICE);
        service->ask(host, service, call, "open", slice(LETTER), written, call);
    } else if (!strcmp(method, "provide/channel.send")) {
        end(call, MAITRED_OK, "{\"id\":\"sent-1\"}");
    } else if (!strcmp(method, "action/writer.refund")) {
        end(call, MAITRED_OK, REFUNDED);
    } else if (!strcmp(method, "action/writer.finish")) {
        end(let_go(), MAITRED_OK, answer);
        end(call, MAITRED_OK, "{}");
    } else {
        end(call, MAITRED_OK, "{}");
    }
}
static void cancel(maitred_plugin *p, maitred_call *call) {
    (void)p;
    if (waiting == call) end(let_go(), MAITRED_CANCELLED, "");
}
static maitred_plugin plugin = {.size = sizeof plugin, .invoke = invoke, .cancel = cancel};
static maitred_plugin *create(const maitred_host *given, const char *id) {
    (void)id;
    host = given;
    return &plugin;
}
static const maitred_entry entry = {
    .size = sizeof entry, .abi_major = 1, .abi_minor = 1, .create = create,
    .manifest = {(const uint8_t *)MANIFEST, sizeof MANIFEST - 1}};
const maitred_entry *maitred_plugin_entry(uint32_t major) { (void)major; return &entry; }
"""


def build(folder):
    """Puts its bundle into a folder of plugins."""
    bundle = folder / "writer"
    bundle.mkdir()
    (bundle / "plugin.json").write_text(json.dumps(MANIFEST))
    definitions = [f"#define {name} {json.dumps(json.dumps(text))}" for name, text in TEXTS.items()]
    (bundle / "writer.c").write_text("\n".join([*definitions, CODE]))
    subprocess.run(
        ["cc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
         f"-I{servers.ROOT}/Sources/CMaitredPlugin/include", bundle / "writer.c",
         "-o", bundle / "libwriter.so"], check=True, timeout=60)
