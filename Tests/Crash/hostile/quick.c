/* Not hostile: answers at once. What a round trip costs is measured with it. */
#include "plugin.h"

INVOKE { answer(call, "{\"facts\":{\"quick\":true}}"); }

PLUGIN()
