#include "../../../Sources/maitred-plugin-host/workers.c"
