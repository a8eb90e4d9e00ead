/* SPDX-License-Identifier: Apache-2.0
 *
 * The plugin's library: loaded once, never unloaded. */
#ifndef LIBRARY_H
#define LIBRARY_H

#include "maitred_plugin.h"

/* Whether the plugin fills in the given function, and was built with a header that has it. */
#define PROVIDES(plugin, member)                                                         \
    ((plugin)->size >= offsetof(maitred_plugin, member) + sizeof((plugin)->member) &&    \
     (plugin)->member != NULL)

/* Loads a library and asks it for its entry. Returns NULL with the reason in `reason`, which the
 * caller does not own and which stays valid. [main] */
const maitred_entry *library_load(const char *path, const char **reason);

#endif
