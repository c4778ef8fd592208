#include "vitrine/status.h"

const char *vitrine_status_name(vitrine_status status)
{
    switch (status) {
    case VITRINE_OK: return "ok";
    case VITRINE_BAD_ARGUMENT: return "bad_argument";
    case VITRINE_BAD_FORMAT: return "bad_format";
    case VITRINE_BAD_VERSION: return "bad_version";
    case VITRINE_BAD_CHECKSUM: return "bad_checksum";
    case VITRINE_BAD_VALUE: return "bad_value";
    case VITRINE_MISMATCH: return "mismatch";
    case VITRINE_NO_SPACE: return "no_space";
    case VITRINE_UNKNOWN_ITEM: return "unknown_item";
    case VITRINE_NOT_KEPT: return "not_kept";
    }
    return "unknown";
}
