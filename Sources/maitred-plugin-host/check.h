/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHECK_H
#define CHECK_H

#include "options.h"

/* Loads the library as the server would and prints its manifest to standard output and the
 * state of the sandbox to standard error. Returns the exit status: 1 when it is refused. */
int check_library(options *given);

#endif
