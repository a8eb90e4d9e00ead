#include "../../../Sources/maitred-plugin-host/host.c"
