/* Cleaning that needs the whole log: price outliers, sessions by pauses, duplicates, machines, rare
 * items, short sessions; in this order, each once. */
#include "data/log.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vitrine/event.h"

enum { GONE = 255, STEADY = 20, FEW_PRICES = 5 };

static void drop(vitrine_log *log, uint64_t at, vitrine_reject reason, const vitrine_id_set *set,
                 uint32_t index)
{
    vitrine_row *row = &log->row[at];
    const vitrine_strings names = vitrine_id_set_view(set);
    size_t length;
    const char *sample = vitrine_strings_get(&names, index, &length);
    vitrine_log_reject(log, reason, row->file, row->line, sample, length);
    row->kind = GONE;
}

static void compact(vitrine_log *log)
{
    uint64_t kept = 0;
    for (uint64_t i = 0; i < log->rows; i++)
        if (log->row[i].kind != GONE) log->row[kept++] = log->row[i];
    log->rows = kept;
}

typedef struct priced {
    uint32_t item;
    float price;
} priced;

static int by_item_and_price(const void *a, const void *b)
{
    const priced *x = a, *y = b;
    if (x->item != y->item) return x->item < y->item ? -1 : 1;
    return (x->price > y->price) - (x->price < y->price);
}

/* Rows whose price is more than max_price_ratio times the item's median, or less than its share: a
 * misplaced point or a code for something else. An item needs FEW_PRICES prices to be judged. */
static bool drop_outliers(vitrine_log *log)
{
    uint64_t count = 0;
    priced *list = malloc((log->rows + 1) * sizeof *list);
    float *median = malloc((log->item.count + (size_t)1) * sizeof *median);
    if (list == NULL || median == NULL) {
        free(list);
        free(median);
        return false;
    }
    for (uint32_t i = 0; i < log->item.count; i++) median[i] = 0;
    for (uint64_t i = 0; i < log->rows; i++)
        if (log->row[i].price > 0) {
            const priced one = {log->row[i].item, log->row[i].price};
            list[count++] = one;
        }
    qsort(list, count, sizeof *list, by_item_and_price);
    for (uint64_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && list[end].item == list[i].item;) end++;
        if (end - i >= FEW_PRICES) median[list[i].item] = list[i + (end - i) / 2].price;
    }
    const float most = (float)log->options.max_price_ratio;
    for (uint64_t i = 0; i < log->rows; i++) {
        const float middle = median[log->row[i].item], price = log->row[i].price;
        if (middle > 0 && price > 0 && (price > middle * most || price * most < middle))
            drop(log, i, VITRINE_REJECT_PRICE_OUTLIER, &log->item, log->row[i].item);
    }
    free(list);
    free(median);
    compact(log);
    return true;
}

/* Put rows into groups by a number < count, groups in the order of their first row, rows in the
 * order they had; then each group by time where that is not yet so. */
static bool group_rows(vitrine_log *log, bool by_user, uint32_t count)
{
    if (log->rows == 0) return true;
    uint64_t *start = calloc((size_t)count + 1, sizeof *start);
    vitrine_row *sorted = malloc(log->rows * sizeof *sorted);
    bool ok = start != NULL && sorted != NULL;
    if (ok) {
        for (uint64_t i = 0; i < log->rows; i++)
            start[(by_user ? log->row[i].user : log->row[i].session) + 1]++;
        for (uint32_t i = 0; i < count; i++) start[i + 1] += start[i];
        for (uint64_t i = 0; i < log->rows; i++)
            sorted[start[by_user ? log->row[i].user : log->row[i].session]++] = log->row[i];
        free(log->row);
        log->row = sorted;
        log->capacity = log->rows;
        sorted = NULL;
    }
    free(start);
    free(sorted);
    return ok;
}

/* Stable merge sort by time of rows [0, n); `spare` has room for n. */
static void sort_by_time(vitrine_row *row, uint64_t n, vitrine_row *spare)
{
    bool sorted = true;
    for (uint64_t i = 1; i < n && sorted; i++) sorted = row[i - 1].time <= row[i].time;
    if (sorted) return;
    const uint64_t half = n / 2;
    sort_by_time(row, half, spare);
    sort_by_time(row + half, n - half, spare);
    memcpy(spare, row, half * sizeof *spare);
    for (uint64_t a = 0, b = half, to = 0; a < half; to++)
        row[to] = b < n && row[b].time < spare[a].time ? row[b++] : spare[a++];
}

static uint64_t group_end(const vitrine_log *log, uint64_t from, bool by_user)
{
    uint64_t end = from + 1;
    while (end < log->rows && (by_user ? log->row[end].user == log->row[from].user
                                       : log->row[end].session == log->row[from].session))
        end++;
    return end;
}

static bool sort_groups(vitrine_log *log, bool by_user)
{
    if (!log->timed || log->rows == 0) return true;
    vitrine_row *spare = malloc(log->rows * sizeof *spare);
    if (spare == NULL) return false;
    for (uint64_t i = 0, end; i < log->rows; i = end) {
        end = group_end(log, i, by_user);
        sort_by_time(log->row + i, end - i, spare);
    }
    free(spare);
    return true;
}

/* Users' rows cut where they pause: sessions "user:1", "user:2". Without times, or
 * with a gap of 0, a user is a session. */
static bool cut_sessions(vitrine_log *log)
{
    const int64_t gap = (int64_t)log->options.session_gap * 1000000; /* 0: never cut */
    const bool cut = log->timed && gap > 0;
    const vitrine_strings users = vitrine_id_set_view(&log->user);
    for (uint64_t i = 0, end; i < log->rows; i = end) {
        end = group_end(log, i, true);
        size_t length;
        const char *user = vitrine_strings_get(&users, log->row[i].user, &length);
        uint32_t session = 0, number = 0;
        for (uint64_t j = i; j < end; j++) {
            if (j == i || (cut && log->row[j].time - log->row[j - 1].time > gap)) {
                char name[VITRINE_ID_MAX + 16];
                number++;
                const int size = cut ? snprintf(name, sizeof name, "%.*s:%u", (int)length, user, number)
                                     : snprintf(name, sizeof name, "%.*s", (int)length, user);
                if (!vitrine_id_set_add(&log->session, name, (size_t)size, &session)) return false;
            }
            log->row[j].session = session;
        }
    }
    return true;
}

static bool same_event(const vitrine_row *a, const vitrine_row *b)
{
    return a->item == b->item && a->kind == b->kind && a->time == b->time && a->value == b->value &&
           (a->price == b->price || (isnan(a->price) && isnan(b->price)));
}

/* More moments than a person has, or STEADY looks in a row faster than max_rate.
 *
 * The lines of an order share a time and are one act, whatever their type says: where times are known
 * the first rule counts distinct times, and the second passes over a run of looks that mostly stands at
 * one time. A machine in a log of whole seconds is seen where one second meets the next. */
static bool is_machine(const vitrine_log *log, uint64_t from, uint64_t end)
{
    const uint32_t most = log->options.max_events_per_session;
    uint64_t moments = 1;
    for (uint64_t i = from + 1; i < end; i++)
        moments += !log->timed || log->row[i].time != log->row[i - 1].time;
    if (most > 0 && moments > most) return true;
    if (!(log->options.max_rate > 0) || !log->timed) return false;
    const int64_t least = (int64_t)(1e6 * STEADY / log->options.max_rate);
    int64_t ring[STEADY + 1];
    for (uint64_t i = from, looks = 0; i < end; i++) {
        if (log->row[i].kind != VITRINE_VIEW_ITEM && log->row[i].kind != VITRINE_SELECT_ITEM) continue;
        ring[looks++ % (STEADY + 1)] = log->row[i].time;
        if (looks <= STEADY || log->row[i].time - ring[looks % (STEADY + 1)] >= least) continue;
        uint32_t same = 1, together = 1; /* the longest run of one time */
        for (uint64_t j = 1; j <= STEADY; j++) {
            same = ring[(looks + j) % (STEADY + 1)] == ring[(looks + j - 1) % (STEADY + 1)] ? same + 1 : 1;
            if (same > together) together = same;
        }
        if (together <= STEADY * 3 / 4) return true;
    }
    return false;
}

static void drop_in_sessions(vitrine_log *log)
{
    for (uint64_t i = 0, end; i < log->rows; i = end) {
        end = group_end(log, i, false);
        if (is_machine(log, i, end)) {
            for (uint64_t j = i; j < end; j++)
                drop(log, j, VITRINE_REJECT_BOT, &log->session, log->row[j].session);
            continue;
        }
        uint64_t last = i;
        for (uint64_t j = i + 1; log->options.dedupe && j < end; j++) {
            if (same_event(&log->row[last], &log->row[j]))
                drop(log, j, VITRINE_REJECT_DUPLICATE, &log->item, log->row[j].item);
            else last = j;
        }
    }
    compact(log);
}

static bool drop_rare(vitrine_log *log)
{
    uint32_t *rows = calloc(log->item.count + (size_t)1, sizeof *rows);
    if (rows == NULL) return false;
    for (uint64_t i = 0; i < log->rows; i++) rows[log->row[i].item]++;
    for (uint64_t i = 0; i < log->rows; i++)
        if (rows[log->row[i].item] < log->options.min_item_count)
            drop(log, i, VITRINE_REJECT_RARE_ITEM, &log->item, log->row[i].item);
    free(rows);
    compact(log);
    return true;
}

static void drop_short(vitrine_log *log)
{
    for (uint64_t i = 0, end; i < log->rows; i = end) {
        end = group_end(log, i, false);
        for (uint64_t j = i; end - i < log->options.min_session && j < end; j++)
            drop(log, j, VITRINE_REJECT_SHORT_SESSION, &log->session, log->row[j].session);
    }
    compact(log);
}

typedef struct session_place {
    int64_t last; /* time of its last event */
    uint64_t from, end;
} session_place;

static int by_last_event(const void *a, const void *b)
{
    const session_place *x = a, *y = b;
    if (x->last != y->last) return x->last < y->last ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

/* Sessions into the order of their last event; those of one moment stay as they came. */
static bool order_sessions(vitrine_log *log)
{
    if (!log->timed || log->rows == 0) return true;
    session_place *place = malloc(((size_t)log->session.count + 1) * sizeof *place);
    vitrine_row *sorted = malloc(log->rows * sizeof *sorted);
    bool ok = place != NULL && sorted != NULL;
    if (ok) {
        size_t count = 0;
        for (uint64_t i = 0, end; i < log->rows; i = end) {
            end = group_end(log, i, false);
            const session_place one = {log->row[end - 1].time, i, end};
            place[count++] = one;
        }
        qsort(place, count, sizeof *place, by_last_event);
        uint64_t to = 0;
        for (size_t s = 0; s < count; s++)
            for (uint64_t i = place[s].from; i < place[s].end; i++) sorted[to++] = log->row[i];
        free(log->row);
        log->row = sorted;
        log->capacity = log->rows;
        sorted = NULL;
    }
    free(place);
    free(sorted);
    return ok;
}

bool vitrine_log_clean(vitrine_log *log, bool count_items, vitrine_problem *problem)
{
    bool ok = true;
    if (log->options.max_price_ratio > 0 && log->priced) ok = drop_outliers(log);
    if (ok && !log->with_sessions)
        ok = group_rows(log, true, log->user.count) && sort_groups(log, true) && cut_sessions(log);
    ok = ok && group_rows(log, false, log->session.count) && sort_groups(log, false);
    if (ok) drop_in_sessions(log);
    if (ok && count_items && log->options.min_item_count > 1) ok = drop_rare(log);
    if (ok && log->options.min_session > 1) drop_short(log);
    ok = ok && order_sessions(log);
    log->report.kept = log->rows;
    return ok || vitrine_problem_memory(problem);
}
