/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "library.h"

int check_library(options *given) {
    /* dlopen searches the system's folders for a name without a slash; a path is meant here. */
    char *path = realpath(given->library, NULL);
    if (!path) {
        perror(given->library);
        return 1;
    }
    sandbox_report report;
    given->sandbox.output_to_file = 1;
    sandbox_apply(&given->sandbox, &report);
    fprintf(stderr, "sandbox: %s%s%s\n", sandbox_status(&report), report.reasons[0] ? "\n" : "",
            report.reasons);

    const char *reason;
    const maitred_entry *entry = library_load(path, &reason);
    if (!entry) {
        fprintf(stderr, "refused: %s\n", reason);
        return 1;
    }
    fprintf(stderr, "interface: %u.%u\n", entry->abi_major, entry->abi_minor);
    fwrite(entry->manifest.ptr, 1, entry->manifest.len, stdout);
    putchar('\n');
    fflush(stdout);
    _exit(0); /* no destructors of the plugin */
}
