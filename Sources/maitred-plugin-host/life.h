/* SPDX-License-Identifier: Apache-2.0
 *
 * The plugin's life: made, called and ended as the server orders. */
#ifndef LIFE_H
#define LIFE_H

#include "maitred_plugin.h"

/* Makes the plugin when the server says so, and serves it by so many threads at most. Ends the
 * process when told to; returns when the server is gone or sends nonsense. [main] */
void life_serve(const maitred_entry *entry, const char *plugin_id, int concurrency);

/* Says why the library cannot be used, and ends the process. [main] */
_Noreturn void life_refuse(const char *reason);

#endif
