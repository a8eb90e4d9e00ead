/* Is told what happens and never says that it has heard. */
#include "plugin.h"

INVOKE { say("did ignore %s", method); }

PLUGIN()
