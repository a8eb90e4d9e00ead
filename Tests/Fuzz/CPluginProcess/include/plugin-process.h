/* The sources of maitred-plugin-host that read what the server sends, without the sandbox and the
 * library: with them, one process can be many plugins' processes, one after the other. */
#ifndef PLUGIN_PROCESS_H
#define PLUGIN_PROCESS_H

/* Follows the orders that come on a stream socket, with a plugin that does what their methods say,
 * until the process would end. Returns the number of calls that are open, though the plugin has
 * completed every one it was given. The socket stays open. [one thread at a time] */
int plugin_process_run(int socket);

#endif
