// The ids of messages, `bench-<connection>-<sequence>`: by them a delivery is told from another.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define client_id_format "bench-%06u-0000000000"

enum {
    client_id_prefix = 6,     // "bench-"
    client_id_number = 6,     // digits of the connection
    client_id_sequence = 10,  // digits of the sequence
    client_id_sequence_at = client_id_prefix + client_id_number + 1,
    client_id_length = client_id_sequence_at + client_id_sequence,
};

static inline void write_digits(char *to, unsigned width, uint64_t value) {
    for (unsigned each = width; each-- > 0; value /= 10) to[each] = (char)('0' + value % 10);
}

static inline uint32_t read_digits(const char *digits, unsigned width) {
    uint32_t value = 0;
    for (unsigned each = 0; each < width; each++)
        value = value * 10 + (uint32_t)(digits[each] - '0');
    return value;
}
