#include "../../../Sources/maitred-plugin-host/frames.c"
