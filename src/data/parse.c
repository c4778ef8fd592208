#include "data/parse.h"

#include <stdlib.h>
#include <string.h>

#define MICRO INT64_C(1000000)

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && is_blank(**text)) ++*text, --*length;
    while (*length > 0 && is_blank((*text)[*length - 1])) --*length;
}

bool vitrine_parse_number(const char *text, size_t length, double *value)
{
    trim(&text, &length);
    /* Powers of ten up to 22 are exact doubles, and so are integers below 2^53: one division or
     * product of two such rounds once, which makes the result the nearest double. */
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = text, *const end = text + length;
    bool negative = false;
    if (at < end && (*at == '-' || *at == '+')) negative = *at++ == '-';
    uint64_t mantissa = 0;
    int digits = 0, scale = 0, significant = 0;
    for (bool point = false; at < end && (is_digit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        digits++;
        if (mantissa > 0 || *at != '0') significant++;
        if (significant <= 18) mantissa = mantissa * 10 + (uint64_t)(*at - '0');
        if (point) scale--;
    }
    if (digits == 0) return false;
    int exponent = 0;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        bool down = false;
        if (at < end && (*at == '-' || *at == '+')) down = *at++ == '-';
        if (at == end) return false;
        for (; at < end && is_digit(*at); at++)
            if (exponent < 10000) exponent = exponent * 10 + (*at - '0');
        if (down) exponent = -exponent;
    }
    if (at != end) return false;
    scale += exponent;
    double result;
    if (significant <= 15 && scale >= -22 && scale <= 22) {
        result = (double)mantissa;
        result = scale < 0 ? result / power[-scale] : result * power[scale];
        if (negative) result = -result;
    } else { /* rare: let the C library round; the text has been checked to be plain decimal */
        char copy[512];
        if (length >= sizeof copy) return false;
        memcpy(copy, text, length);
        copy[length] = 0;
        result = strtod(copy, NULL);
    }
    if (!(result - result == 0.0)) return false; /* 1e999 */
    *value = result;
    return true;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar, counting years from March so that the
 * leap day comes last. */
static int64_t days_of(int64_t year, int month, int day)
{
    const int64_t y = month <= 2 ? year - 1 : year;
    const int shifted = (month + 9) % 12; /* March = 0 */
    const int64_t leap_days = y / 4 - y / 100 + y / 400;
    return y * 365 + leap_days + (153 * shifted + 2) / 5 + (day - 1) - 719468;
}

typedef struct clock_time {
    int year, month, day, hour, minute, second;
    int64_t micro;
    int zone; /* minutes east of UTC */
    int half; /* 0: 24 hours; 1: am; 2: pm */
} clock_time;

static bool to_micro(const clock_time *t, int64_t *microseconds)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (t->year % 4 == 0 && t->year % 100 != 0) || t->year % 400 == 0;
    if (t->year < 1 || t->year > 9999 || t->month < 1 || t->month > 12 || t->day < 1) return false;
    if (t->day > length[t->month - 1] + (t->month == 2 && leap ? 1 : 0)) return false;
    int hour = t->hour;
    if (t->half != 0) {
        if (hour < 1 || hour > 12) return false;
        hour = hour % 12 + (t->half == 2 ? 12 : 0);
    }
    if (hour > 23 || t->minute > 59 || t->second > 60) return false;
    const int64_t seconds = days_of(t->year, t->month, t->day) * 86400 + hour * 3600 +
                            (t->minute - t->zone) * 60 + t->second;
    *microseconds = seconds * MICRO + t->micro;
    return true;
}

/* Up to `most` digits, at least `least`. */
static bool take_int(const char **at, const char *end, int least, int most, int *value)
{
    int digits = 0;
    *value = 0;
    while (*at < end && digits < most && is_digit(**at)) {
        *value = *value * 10 + (*(*at)++ - '0');
        digits++;
    }
    return digits >= least;
}

/* Digits of a fraction as microseconds; more than six are cut. */
static bool take_fraction(const char **at, const char *end, int64_t *micro)
{
    int64_t unit = MICRO;
    const char *const first = *at;
    *micro = 0;
    for (; *at < end && is_digit(**at); ++*at) {
        unit /= 10;
        *micro += unit * (**at - '0');
    }
    return *at > first;
}

/* Z, UTC, GMT, +02:00, +0200, +02 */
static bool take_zone(const char **at, const char *end, int *minutes)
{
    const size_t left = (size_t)(end - *at);
    *minutes = 0;
    if (left >= 3 && (memcmp(*at, "UTC", 3) == 0 || memcmp(*at, "GMT", 3) == 0)) {
        *at += 3;
        return true;
    }
    if (left >= 1 && (**at == 'Z' || **at == 'z')) {
        ++*at;
        return true;
    }
    if (left == 0 || (**at != '+' && **at != '-')) return false;
    const int sign = *(*at)++ == '-' ? -1 : 1;
    int hours, part = 0;
    if (!take_int(at, end, 2, 2, &hours)) return false;
    if (*at < end && **at == ':') ++*at;
    if (*at < end && is_digit(**at) && !take_int(at, end, 2, 2, &part)) return false;
    if (hours > 14 || part > 59) return false;
    *minutes = sign * (hours * 60 + part);
    return true;
}

static bool take_char(const char **at, const char *end, char c)
{
    if (*at == end || **at != c) return false;
    ++*at;
    return true;
}

static bool parse_iso(const char *at, const char *end, clock_time *t)
{
    if (!take_int(&at, end, 4, 4, &t->year) || !take_char(&at, end, '-')) return false;
    if (!take_int(&at, end, 2, 2, &t->month) || !take_char(&at, end, '-')) return false;
    if (!take_int(&at, end, 2, 2, &t->day)) return false;
    if (at == end) return true;
    if (!take_char(&at, end, 'T') && !take_char(&at, end, 't') && !take_char(&at, end, ' ')) return false;
    if (!take_int(&at, end, 2, 2, &t->hour) || !take_char(&at, end, ':')) return false;
    if (!take_int(&at, end, 2, 2, &t->minute)) return false;
    if (take_char(&at, end, ':')) {
        if (!take_int(&at, end, 2, 2, &t->second)) return false;
        if (take_char(&at, end, '.') && !take_fraction(&at, end, &t->micro)) return false;
    }
    while (at < end && *at == ' ') at++;
    if (at < end && !take_zone(&at, end, &t->zone)) return false;
    return at == end;
}

static bool take_month_name(const char **at, const char *end, int *month)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (end - *at < 3) return false;
    for (int m = 0; m < 12; m++) {
        int same = 0;
        while (same < 3 && ((*at)[same] | 0x20) == names[m * 3 + same]) same++;
        if (same < 3) continue;
        *at += 3;
        *month = m + 1;
        return true;
    }
    return false;
}

static bool parse_directive(char directive, const char **at, const char *end, clock_time *t)
{
    switch (directive) {
    case 'Y': return take_int(at, end, 4, 4, &t->year);
    case 'y': /* POSIX: 69..99 are of the last century */
        if (!take_int(at, end, 2, 2, &t->year)) return false;
        t->year += t->year >= 69 ? 1900 : 2000;
        return true;
    case 'm': return take_int(at, end, 1, 2, &t->month);
    case 'b': return take_month_name(at, end, &t->month);
    case 'd': return take_int(at, end, 1, 2, &t->day);
    case 'H':
    case 'I': return take_int(at, end, 1, 2, &t->hour);
    case 'M': return take_int(at, end, 1, 2, &t->minute);
    case 'S': return take_int(at, end, 1, 2, &t->second);
    case 'f': return take_fraction(at, end, &t->micro);
    case 'z': return take_zone(at, end, &t->zone);
    case 'p':
        if (end - *at < 2 || ((*at)[1] | 0x20) != 'm') return false;
        t->half = (**at | 0x20) == 'a' ? 1 : (**at | 0x20) == 'p' ? 2 : 0;
        *at += 2;
        return t->half != 0;
    case '%': return take_char(at, end, '%');
    default: return false;
    }
}

static bool parse_pattern(const char *pattern, const char *at, const char *end, clock_time *t)
{
    for (; *pattern != 0; pattern++) {
        if (*pattern == '%') {
            pattern++;
            if (*pattern == 0 || !parse_directive(*pattern, &at, end, t)) return false;
        } else if (is_blank(*pattern)) {
            if (at == end || !is_blank(*at)) return false;
            while (at < end && is_blank(*at)) at++;
        } else if (!take_char(&at, end, *pattern)) {
            return false;
        }
    }
    return at == end;
}

/* A number of `each` microseconds; seconds are the only unit that brings fractions. */
static bool parse_unix(const char *at, const char *end, int64_t each, int64_t *microseconds)
{
    bool negative = false;
    const char *const first = at;
    if (at < end && *at == '-') negative = true, at++;
    int64_t whole = 0, micro = 0;
    const char *const digits = at;
    for (; at < end && is_digit(*at); at++) {
        if (whole > INT64_MAX / 10 - 1) return false;
        whole = whole * 10 + (*at - '0');
    }
    if (at == digits) return false;
    if (at < end && *at == '.') {
        at++;
        if (at < end && !take_fraction(&at, end, &micro)) return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) { /* 1.396e9, as spreadsheets write it */
        double value;
        if (!vitrine_parse_number(first, (size_t)(end - first), &value)) return false;
        value *= (double)each;
        if (!(value > -9e18 && value < 9e18)) return false;
        *microseconds = (int64_t)value;
        return true;
    }
    if (at != end || whole > INT64_MAX / each - 1) return false;
    *microseconds = whole * each + micro * each / MICRO;
    if (negative) *microseconds = -*microseconds;
    return true;
}

bool vitrine_time_format_of(const char *text, vitrine_time_format *format)
{
    static const struct {
        const char *name;
        vitrine_time_unit unit;
    } known[] = {{"unix", VITRINE_TIME_UNIX},
                 {"unix-ms", VITRINE_TIME_UNIX_MS},
                 {"unix-us", VITRINE_TIME_UNIX_US},
                 {"iso", VITRINE_TIME_ISO}};
    format->pattern = NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(text, known[i].name) == 0) {
            format->unit = known[i].unit;
            return true;
        }
    bool any = false;
    for (const char *at = text; *at != 0; at++) {
        if (*at != '%') continue;
        at++;
        if (*at == 0 || strchr("YymdHIMSfpbz%", *at) == NULL) return false;
        any = true;
    }
    format->unit = VITRINE_TIME_PATTERN;
    format->pattern = text;
    return any;
}

bool vitrine_time_guess(const char *text, size_t length, vitrine_time_format *format)
{
    trim(&text, &length);
    format->pattern = NULL;
    clock_time t = {.year = 0};
    if (parse_iso(text, text + length, &t)) {
        format->unit = VITRINE_TIME_ISO;
        return true;
    }
    const int64_t from = days_of(1990, 1, 1) * 86400 * MICRO, to = days_of(2100, 1, 1) * 86400 * MICRO;
    for (vitrine_time_unit unit = VITRINE_TIME_UNIX; unit <= VITRINE_TIME_UNIX_US; unit++) {
        int64_t at;
        format->unit = unit;
        if (vitrine_time_parse(format, text, length, &at) && at >= from && at < to) return true;
    }
    return false;
}

bool vitrine_time_parse(const vitrine_time_format *format, const char *text, size_t length,
                        int64_t *microseconds)
{
    trim(&text, &length);
    const char *const end = text + length;
    clock_time t = {.year = 1970, .month = 1, .day = 1};
    switch (format->unit) {
    case VITRINE_TIME_UNIX: return parse_unix(text, end, MICRO, microseconds);
    case VITRINE_TIME_UNIX_MS: return parse_unix(text, end, 1000, microseconds);
    case VITRINE_TIME_UNIX_US: return parse_unix(text, end, 1, microseconds);
    case VITRINE_TIME_ISO: return parse_iso(text, end, &t) && to_micro(&t, microseconds);
    case VITRINE_TIME_PATTERN:
        return parse_pattern(format->pattern, text, end, &t) && to_micro(&t, microseconds);
    case VITRINE_TIME_NONE: break;
    }
    return false;
}
