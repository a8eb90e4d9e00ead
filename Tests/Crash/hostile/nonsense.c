/* Answers as much as is taken (MAITRED_RESULT_LIMIT) of what is no answer, a different one each
 * time; with FACTS, the most and the largest facts that are taken for facts. */
#include "plugin.h"

/* How what fills an answer begins, goes on and ends. */
static const char *const shapes[][3] = {
    {"", "\xff\xfe\x01 nonsense ", ""},
    {"{\"facts\":", "[", ""},
    {"{\"facts\":", "{\"a\":", ""},
    {"{\"facts\":{\"a\":\"", "\\ud83d\\ude00", "\"}}"},
    {"{\"facts\":{\"a\":[", "1,", "1]}}"},
    {"{\"facts\":{", "\"a\":1,", "\"b\":1}}"},
    {"{\"title\":\"", "t", "\",\"facts\":{\"a\":{}}}"},
};

static void fill(char *text, const char *const shape[3]) {
    size_t used = strlen(strcpy(text, shape[0])), piece = strlen(shape[1]);
    while (used + piece + strlen(shape[2]) <= MAITRED_RESULT_LIMIT) {
        memcpy(text + used, shape[1], piece);
        used += piece;
    }
    strcpy(text + used, shape[2]);
}

static void fill_with_facts(char *text) {
    char *end = text + sprintf(text, "{\"facts\":{");
    for (int i = 0; i < 64; i++) {
        end += sprintf(end, "%s\"fact %d\":\"%01023d\"", i ? "," : "", i, i);
    }
    strcpy(end, "}}");
}

INVOKE {
    static atomic_uint calls;
    unsigned number = atomic_fetch_add(&calls, 1);
    char *text = malloc(MAITRED_RESULT_LIMIT + 64);
    if (!text) abort();
#ifdef FACTS
    fill_with_facts(text);
    (void)fill;
    (void)shapes;
#else
    fill(text, shapes[number % (sizeof shapes / sizeof *shapes)]);
    (void)fill_with_facts;
#endif
    say("did answer bytes: %zu (call %u)", strlen(text), number);
    answer(call, text);
    free(text);
}

PLUGIN()
