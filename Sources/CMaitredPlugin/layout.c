/* The layout that plugins already built rely on. A line here may be added, never changed. */
#include "maitred_plugin.h"

#define HOLDS(type, member, offset) \
    _Static_assert(offsetof(type, member) == (offset), #type "." #member " has moved")

_Static_assert(sizeof(void *) == 8, "maitred plugins are 64-bit");

HOLDS(maitred_slice, ptr, 0);
HOLDS(maitred_slice, len, 8);

HOLDS(maitred_host, abi_minor, 4);
HOLDS(maitred_host, ctx, 8);
HOLDS(maitred_host, get_service, 16);
HOLDS(maitred_host, complete, 24);
HOLDS(maitred_host, log, 32);

HOLDS(maitred_plugin, data, 8);
HOLDS(maitred_plugin, start, 16);
HOLDS(maitred_plugin, configure, 24);
HOLDS(maitred_plugin, invoke, 32);
HOLDS(maitred_plugin, cancel, 40);
HOLDS(maitred_plugin, get_extension, 48);
HOLDS(maitred_plugin, drain, 56);
HOLDS(maitred_plugin, destroy, 64);

HOLDS(maitred_entry, abi_major, 4);
HOLDS(maitred_entry, abi_minor, 8);
HOLDS(maitred_entry, manifest, 16);
HOLDS(maitred_entry, create, 32);

HOLDS(maitred_log_1, write, 8);
HOLDS(maitred_clock_1, unix_ms, 8);
HOLDS(maitred_clock_1, monotonic_ns, 16);
