// A C face for Debian's simdjson: parse a document and look at its tape.
#ifndef C_SIMD_JSON_H
#define C_SIMD_JSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum csimdjson_error {
    CSIMDJSON_OK = 0,
    CSIMDJSON_EMPTY,
    CSIMDJSON_MALFORMED,
    CSIMDJSON_TOO_DEEP,
    CSIMDJSON_INVALID_UTF8,
    CSIMDJSON_NUMBER_OUT_OF_RANGE,
    CSIMDJSON_TOO_LARGE,
    CSIMDJSON_OUT_OF_MEMORY
};

/// A parsed document: simdjson's tape (its doc/tape.md has the format) and the strings it points to.
struct csimdjson_tape {
    const uint64_t *words;
    const uint8_t *strings;
};

/// Parses a whole document of UTF-8.
///
/// Thread: any; each thread has a parser of its own, kept between calls (one that grew beyond
/// 1 MiB of input is given back by the next call that needs less).
/// Owner: `tape` points into that parser; it is good until the next call on the same thread.
/// `bytes` is copied and need not be padded. `depth` is the number of arrays and objects that may
/// stand inside each other, 1 to 1024.
enum csimdjson_error csimdjson_parse(
    const uint8_t *bytes, size_t count, size_t depth, struct csimdjson_tape *tape);

#ifdef __cplusplus
}
#endif

#endif
