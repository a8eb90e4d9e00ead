/* SPDX-License-Identifier: Apache-2.0
 *
 * The services that ask the server: which ones the plugin may use, and the questions that wait. */
#ifndef SERVICES_H
#define SERVICES_H

#include "maitred_plugin.h"

#define SERVICES_LIMIT 16

/* Grants the services with these ids, which stay referenced. Before the plugin is made. [main] */
void services_grant(const char *const *ids, int count);

/* The granted service with an id, or NULL. [any-thread] */
const maitred_service_1 *services_find(const char *id);

/* Passes the server's answer to whoever asked. One to nothing that is open is dropped. [main] */
void services_answer(uint64_t number, int32_t status, maitred_slice out);

#endif
