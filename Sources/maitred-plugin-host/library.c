/* SPDX-License-Identifier: Apache-2.0 */
#include "library.h"

#include <dlfcn.h>
#include <stddef.h>

#define MANIFEST_LIMIT 65536

typedef const maitred_entry *(*entry_function)(uint32_t);

/* Why an entry cannot be used; NULL when it can. */
static const char *fault_of(const maitred_entry *entry) {
    if (!entry) return "the plugin does not serve version 1 of the interface";
    if (entry->size < offsetof(maitred_entry, create) + sizeof entry->create) {
        return "maitred_entry.size is smaller than version 1.0 of the interface";
    }
    if (entry->abi_major != MAITRED_ABI_MAJOR) return "maitred_entry.abi_major is not 1";
    if (!entry->create) return "maitred_entry.create is NULL";
    if (!entry->manifest.ptr || entry->manifest.len == 0) return "maitred_entry.manifest is empty";
    if (entry->manifest.len > MANIFEST_LIMIT) return "maitred_entry.manifest is beyond 64 KiB";
    return NULL;
}

const maitred_entry *library_load(const char *path, const char **reason) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        *reason = dlerror();
        return NULL;
    }
    entry_function function;
    /* POSIX asks for this way of turning dlsym's result into a function. */
    *(void **)&function = dlsym(library, "maitred_plugin_entry");
    if (!function) {
        *reason = "the library does not export maitred_plugin_entry";
        return NULL;
    }
    const maitred_entry *entry = function(MAITRED_ABI_MAJOR);
    *reason = fault_of(entry);
    return *reason ? NULL : entry;
}
