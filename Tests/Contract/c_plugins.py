"""Plugins in C, as a third party would write them: compiled with nothing but the header."""

import json
import subprocess

from peers import ROOT

FRAME = r"""
#include <maitred_plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static const maitred_host *host;
static inline maitred_slice slice(const char *text) {
    return (maitred_slice){(const uint8_t *)text, strlen(text)};
}
static inline void answer(maitred_call *call, const char *json) {
    host->complete(host, call, MAITRED_OK, slice(json));
}
/* Whether the input has a text in it. */
static inline int says(maitred_slice in, const char *text) {
    return memmem(in.ptr, in.len, text, strlen(text)) != NULL;
}
%(code)s
#ifndef START
#define START NULL
#endif
#ifndef CREATING
#define CREATING
#endif
static maitred_plugin plugin = {.size = sizeof plugin, .start = START, .invoke = invoke};
static maitred_plugin *create(const maitred_host *given, const char *id) {
    (void)id;
    host = given;
    CREATING;
    return &plugin;
}
static const char manifest[] = %(manifest)s;
static const maitred_entry entry = {.size = sizeof entry, .abi_major = 1, .abi_minor = 1,
    .manifest = {(const uint8_t *)manifest, sizeof manifest - 1}, .create = create};
const maitred_entry *maitred_plugin_entry(uint32_t major) { (void)major; return &entry; }
"""

COMPILE = [
    "cc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter",
    f"-I{ROOT}/Sources/CMaitredPlugin/include", "plugin.c"]
INVOKE = ("static void invoke(maitred_plugin *plugin, maitred_call *call, const char *method,\n"
          "                   maitred_slice in)")


def build(folder, id, code, **manifest):
    """Makes a plugin's folder below another and returns it.

    `code` defines `invoke`, `INVOKE` stands for its head. It may define the name of a function as
    `START`, and what is done while the plugin is made as `CREATING`.
    """
    place = folder / id
    place.mkdir()
    text = json.dumps({
        "id": id, "name": id, "version": "1.0.0", "abi": 1, "entry": "libplugin.so", **manifest})
    (place / "plugin.json").write_text(text)
    code = "#define _GNU_SOURCE\n" + FRAME % {
        "code": code.replace("INVOKE", INVOKE), "manifest": json.dumps(text)}
    (place / "plugin.c").write_text(code)
    subprocess.run([*COMPILE, "-o", "libplugin.so"], cwd=place, check=True)
    return place
