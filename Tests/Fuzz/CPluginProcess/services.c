#include "../../../Sources/maitred-plugin-host/services.c"

void services_forget(void) {
    memset(questions, 0, sizeof questions);
    last_number = 0;
    granted_count = 0;
}
