// Debian's cmark-gfm, and the pieces that Swift cannot express.
#ifndef C_MARKDOWN_SHIM_H
#define C_MARKDOWN_SHIM_H

#include <cmark-gfm.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm-core-extensions.h>

#endif
