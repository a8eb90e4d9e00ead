#include "CSimdJSON.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <string>

namespace {

constexpr size_t largestInput = 0xFFFFFF00;
constexpr size_t keptCapacity = 1 << 20;
constexpr size_t smallestCapacity = 4096;

/// The parser of one thread with its padded copy of the input.
struct Workspace {
    std::unique_ptr<simdjson::dom::parser> parser;
    std::unique_ptr<uint8_t[]> input;
    size_t capacity = 0;
    size_t depth = 0;

    /// Makes room for a document; throws bad_alloc.
    void prepare(size_t count, size_t wantedDepth) {
        bool oversized = capacity > keptCapacity && count <= keptCapacity;
        if (parser && capacity >= count && depth == wantedDepth && !oversized) return;
        size_t wanted = smallestCapacity;
        while (wanted < count && wanted < largestInput / 2) wanted *= 2;
        if (wanted < count) wanted = count;
        parser.reset();
        input.reset();
        capacity = 0;
        auto fresh = std::make_unique<simdjson::dom::parser>();
        if (fresh->allocate(wanted, wantedDepth) != simdjson::SUCCESS) throw std::bad_alloc();
        input.reset(new uint8_t[wanted + simdjson::SIMDJSON_PADDING]);
        parser = std::move(fresh);
        capacity = wanted;
        depth = wantedDepth;
    }

    simdjson::error_code parse(const uint8_t *bytes, size_t count) {
        std::memcpy(input.get(), bytes, count);
        std::memset(input.get() + count, ' ', simdjson::SIMDJSON_PADDING);
        simdjson::dom::element root;
        return parser->parse(input.get(), count, false).get(root);
    }
};

/// Gives integers of 19 digits or more a fraction, so that simdjson reads them as doubles:
/// it refuses those beyond 64 bits, which JSON allows.
std::string withLongIntegersAsDoubles(const uint8_t *bytes, size_t count) {
    std::string result;
    result.reserve(count + 64);
    bool inString = false;
    for (size_t at = 0; at < count;) {
        uint8_t byte = bytes[at];
        if (inString && byte == '\\' && at + 1 < count) {
            result.append(reinterpret_cast<const char *>(bytes + at), 2);
            at += 2;
            continue;
        }
        if (byte == '"') inString = !inString;
        if (inString || byte < '0' || byte > '9') {
            result.push_back(static_cast<char>(byte));
            at += 1;
            continue;
        }
        size_t end = at;
        bool integer = true;
        for (; end < count; end += 1) {
            uint8_t next = bytes[end];
            if (next >= '0' && next <= '9') continue;
            if (next != '.' && next != 'e' && next != 'E' && next != '+' && next != '-') break;
            integer = false;
        }
        result.append(reinterpret_cast<const char *>(bytes + at), end - at);
        if (integer && end - at >= 19) result.append(".0");
        at = end;
    }
    return result;
}

csimdjson_error translated(simdjson::error_code error) {
    switch (error) {
    case simdjson::SUCCESS: return CSIMDJSON_OK;
    case simdjson::EMPTY: return CSIMDJSON_EMPTY;
    case simdjson::DEPTH_ERROR: return CSIMDJSON_TOO_DEEP;
    case simdjson::UTF8_ERROR: return CSIMDJSON_INVALID_UTF8;
    case simdjson::NUMBER_ERROR: return CSIMDJSON_NUMBER_OUT_OF_RANGE;
    case simdjson::CAPACITY: return CSIMDJSON_TOO_LARGE;
    case simdjson::MEMALLOC: return CSIMDJSON_OUT_OF_MEMORY;
    default: return CSIMDJSON_MALFORMED;
    }
}

}  // namespace

extern "C" csimdjson_error csimdjson_parse(
    const uint8_t *bytes, size_t count, size_t depth, csimdjson_tape *tape) {
    thread_local Workspace workspace;
    if (count == 0) return CSIMDJSON_EMPTY;
    if (count > largestInput) return CSIMDJSON_TOO_LARGE;
    if (depth < 1) depth = 1;
    if (depth > 1024) depth = 1024;
    try {
        // simdjson counts the document itself as a level.
        workspace.prepare(count, depth + 1);
        auto error = workspace.parse(bytes, count);
        if (error == simdjson::NUMBER_ERROR) {
            auto rewritten = withLongIntegersAsDoubles(bytes, count);
            if (rewritten.size() > count) {
                workspace.prepare(rewritten.size(), depth + 1);
                error = workspace.parse(
                    reinterpret_cast<const uint8_t *>(rewritten.data()), rewritten.size());
            }
        }
        if (error != simdjson::SUCCESS) return translated(error);
        tape->words = workspace.parser->doc.tape.get();
        tape->strings = workspace.parser->doc.string_buf.get();
        return CSIMDJSON_OK;
    } catch (const std::bad_alloc &) {
        return CSIMDJSON_OUT_OF_MEMORY;
    }
}
