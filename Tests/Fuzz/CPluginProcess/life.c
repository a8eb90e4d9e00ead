#include "../../../Sources/maitred-plugin-host/life.c"

void life_forget(void) { plugin = NULL; }
