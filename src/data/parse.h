/* Numbers and times out of text, without the C library's locale. */
#ifndef VITRINE_DATA_PARSE_H
#define VITRINE_DATA_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A decimal number, the whole text, blanks around it allowed. No hex, no infinity, no NaN. */
bool vitrine_parse_number(const char *text, size_t length, double *value);

typedef enum vitrine_time_unit {
    VITRINE_TIME_NONE = 0,
    VITRINE_TIME_UNIX,    /* seconds, a fraction allowed */
    VITRINE_TIME_UNIX_MS,
    VITRINE_TIME_UNIX_US,
    VITRINE_TIME_ISO,     /* 2011-10-10[ T]14:15[:16[.5]][ UTC | Z | +02:00]; without a zone: UTC */
    VITRINE_TIME_PATTERN
} vitrine_time_unit;

typedef struct vitrine_time_format {
    vitrine_time_unit unit;
    const char *pattern; /* VITRINE_TIME_PATTERN: the caller's */
} vitrine_time_format;

/* What --time says: unix, unix-ms, unix-us, iso, or a pattern of %Y %y %m %d %H %I %M %S %f %p %b %z
 * and %%. False when it is neither. */
bool vitrine_time_format_of(const char *text, vitrine_time_format *format);
/* What one value shows: an ISO date, or a number that is a time of 1990..2100 in one unit only. */
bool vitrine_time_guess(const char *text, size_t length, vitrine_time_format *format);
/* Microseconds since 1970-01-01 UTC. False when the text does not fit the format or the calendar. */
bool vitrine_time_parse(const vitrine_time_format *format, const char *text, size_t length,
                        int64_t *microseconds);

#endif
