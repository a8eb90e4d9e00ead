// The plugin of maitred-bench. Nothing but its entry point is seen from outside.
#pragma once

#include <maitred_plugin.h>
