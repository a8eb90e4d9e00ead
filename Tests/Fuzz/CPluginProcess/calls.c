#include "../../../Sources/maitred-plugin-host/calls.c"
