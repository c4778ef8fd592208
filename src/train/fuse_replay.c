#include "train/fuse_replay.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "kernels/topk.h"
#include "rank/ranker.h"
#include "vitrine/engine.h"

const float vitrine_sharp[VITRINE_SHARPS] = { 0.5f, 0.75f, 1.0f, 1.25f, 1.5f };

void vitrine_sharpen(float p, float power[VITRINE_SHARPS])
{
    const float half = sqrtf(p), quarter = sqrtf(half);
    power[0] = half;
    power[1] = half * quarter;
    power[2] = p;
    power[3] = p * quarter;
    power[4] = p * half;
}

enum { BEST_OF_PART = 32 };

/* Sessions that are played, and where their positions begin. */
typedef struct play_plan {
    uint32_t sessions;
    uint32_t *session;
    uint32_t *start; /* [sessions + 1] */
} play_plan;

/* One thread's visitor and scratch. */
typedef struct replayer {
    vitrine_engine *engine;
    float *part;      /* [VITRINE_PARTS][items] shares, part after part */
    float *score;     /* [items] their sum */
    float *share;     /* [items + 1][VITRINE_PARTS] of the items that are asked about */
    uint8_t *allowed; /* [items] 0 = seen and dropped */
    uint32_t *met;    /* [items] the position + 1 that took the item as a rival */
    uint32_t *times;  /* [items] that this visit had the item; 0 between positions */
    uint32_t *seen;   /* [items] the target, then what the session has met */
    uint32_t seen_count;
    vitrine_status status;
    vitrine_fault fault;
} replayer;

/* Whether event e of the log is a target, given what came before it in the session. */
static bool is_target(const vitrine_dataset *dataset, const vitrine_fuse_options *options,
                      uint64_t start, uint64_t e, uint64_t end)
{
    const uint32_t item = dataset->item[e];
    if (e == start || item >= dataset->items) return false;
    if (options->last_only && e + 1 != end) return false;
    if (options->known != NULL && !options->known[item]) return false;
    if (options->drop_seen)
        for (uint64_t before = start; before < e; before++)
            if (dataset->item[before] == item) return false;
    return true;
}

static uint32_t count_targets(const vitrine_dataset *dataset, const vitrine_fuse_options *options,
                              uint32_t session)
{
    const uint64_t start = dataset->session_start[session], end = dataset->session_start[session + 1];
    uint32_t count = 0;
    for (uint64_t e = start; e < end; e++) count += is_target(dataset, options, start, e, end);
    return count;
}

static bool make_plan(const vitrine_dataset *dataset, uint32_t first, uint32_t last,
                      const vitrine_fuse_options *options, uint32_t positions, play_plan *plan)
{
    const uint32_t sessions = last - first;
    uint32_t *targets = malloc(((size_t)sessions + 1) * sizeof *targets);
    plan->session = malloc(((size_t)sessions + 1) * sizeof *plan->session);
    plan->start = malloc(((size_t)sessions + 1) * sizeof *plan->start);
    plan->sessions = 0;
    if (targets == NULL || plan->session == NULL || plan->start == NULL) {
        free(targets);
        return false;
    }
    uint64_t total = 0;
    for (uint32_t s = 0; s < sessions; s++)
        total += targets[s] = count_targets(dataset, options, first + s);
    plan->start[0] = 0;
    /* Take a session whenever the share of positions met so far has earned the next ones. */
    uint64_t met = 0, taken = 0;
    for (uint32_t s = 0; s < sessions; s++) {
        met += targets[s];
        if (targets[s] == 0 || (total > positions && taken * total >= met * positions)) continue;
        taken += targets[s];
        plan->session[plan->sessions++] = first + s;
        plan->start[plan->sessions] = (uint32_t)taken;
    }
    free(targets);
    return true;
}

static void player_free(replayer *player)
{
    vitrine_engine_destroy(player->engine);
    free(player->part);
    free(player->score);
    free(player->share);
    free(player->allowed);
    free(player->met);
    free(player->times);
    free(player->seen);
}

static vitrine_status player_make(const void *model, size_t size, uint32_t items, replayer *player,
                                  vitrine_fault *fault)
{
    const vitrine_status status = vitrine_engine_create(model, size, NULL, 0, VITRINE_ENGINE_EVENTS,
                                                        &player->engine, fault);
    if (status != VITRINE_OK) return status;
    player->part = malloc((size_t)items * VITRINE_PARTS * sizeof *player->part);
    player->share = malloc(((size_t)items + 1) * VITRINE_PARTS * sizeof *player->share);
    player->score = malloc(items * sizeof *player->score);
    player->allowed = malloc(items);
    player->met = calloc(items, sizeof *player->met);
    player->times = calloc(items, sizeof *player->times);
    player->seen = malloc(((size_t)items + 1) * sizeof *player->seen);
    if (!player->part || !player->share || !player->score || !player->allowed || !player->met ||
        !player->times || !player->seen) {
        *fault = (vitrine_fault){ .status = VITRINE_NO_SPACE, .field = "memory" };
        return VITRINE_NO_SPACE;
    }
    memset(player->allowed, 1, items);
    return VITRINE_OK;
}

/* Adds the best candidates by `score` that are no rivals yet. */
static void take_rivals(replayer *player, const float *score, uint32_t items, uint32_t position,
                        vitrine_fuse_replay *replay)
{
    const uint32_t target = player->seen[0];
    uint32_t best[BEST_OF_PART];
    float value[BEST_OF_PART];
    const uint32_t count = vitrine_topk(score, items, player->allowed, BEST_OF_PART, best, value);
    vitrine_rival *rival = replay->rival + (size_t)position * VITRINE_RIVALS;
    for (uint32_t n = 0; n < count && value[n] > 0.0f; n++) {
        const uint32_t j = best[n];
        if (j == target || player->met[j] == position + 1) continue;
        player->met[j] = position + 1;
        vitrine_rival *new_one = &rival[replay->rivals[position]++];
        new_one->item = j;
        new_one->times = player->times[j];
        for (uint32_t k = 0; k < VITRINE_PARTS; k++)
            new_one->share[k] = player->part[(size_t)k * items + j];
    }
}

/* What the network's shares to each power add up to, and the part of it that is open. */
static void measure_powers(const replayer *player, uint32_t items, uint32_t position,
                           vitrine_fuse_replay *replay)
{
    double all[VITRINE_SHARPS] = {0}, seen[VITRINE_SHARPS] = {0};
    const float *share = player->part + (size_t)VITRINE_PART_NETWORK * items;
    float power[VITRINE_SHARPS];
    for (uint32_t from = 0; from < items; from += 1024) {
        const uint32_t to = items - from < 1024 ? items : from + 1024;
        float sum[VITRINE_SHARPS] = {0}; /* of few enough for a float, and lanes */
        for (uint32_t j = from; j < to; j++) {
            vitrine_sharpen(share[j], power);
            for (int s = 0; s < VITRINE_SHARPS; s++) sum[s] += power[s];
        }
        for (int s = 0; s < VITRINE_SHARPS; s++) all[s] += (double)sum[s];
    }
    for (uint32_t n = 1; n <= player->seen_count; n++) {
        vitrine_sharpen(share[player->seen[n]], power);
        for (int s = 0; s < VITRINE_SHARPS; s++) seen[s] += (double)power[s];
    }
    for (int s = 0; s < VITRINE_SHARPS; s++) {
        const size_t at = (size_t)position * VITRINE_SHARPS + (size_t)s;
        replay->norm[at] = (float)all[s];
        replay->open[at] = all[s] > seen[s] ? (float)((all[s] - seen[s]) / all[s]) : 0.0f;
    }
}

/* What is kept of a position, from the shares of the target and of what was seen. */
static void note(const replayer *player, const vitrine_fuse_play_plan *how, uint32_t speak,
                 uint32_t anew, uint32_t position, vitrine_fuse_replay *replay)
{
    const vitrine_view view = vitrine_view_of(player->engine->visitor);
    replay->context[position] = (uint8_t)vitrine_view_context(&view);
    replay->item[position] = player->seen[0];
    for (uint32_t k = 0; k < VITRINE_PARTS; k++) {
        const size_t at = (size_t)position * VITRINE_PARTS + k;
        if ((anew >> k & 1u) == 0) {
            replay->share[at] = how->base->share[at];
            replay->mass[at] = how->base->mass[at];
            continue;
        }
        float mass = (float)(speak >> k & 1u);
        for (uint32_t s = 1; s <= player->seen_count; s++) mass -= player->share[s * VITRINE_PARTS + k];
        replay->share[at] = player->share[k];
        replay->mass[at] = mass > 0.0f ? mass : 0.0f;
    }
}

/* The target's shares and what the parts leave to candidates, without asking about anything else. */
static void ask_position(replayer *player, const vitrine_fuse_play_plan *how, uint32_t position,
                         vitrine_fuse_replay *replay)
{
    const vitrine_view view = vitrine_view_of(player->engine->visitor);
    const uint32_t anew = how->base == NULL ? ~0u : how->anew;
    float need[VITRINE_PARTS];
    for (uint32_t k = 0; k < VITRINE_PARTS; k++) need[k] = (float)(anew >> k & 1u);
    const uint32_t speak = vitrine_view_shares(player->engine->ranker, &view, need, player->seen,
                                               player->seen_count + 1, player->share);
    note(player, how, speak, anew, position, replay);
}

/* How often the visit had each of its items, as the repeat penalty goes through them; step 0 forgets it. */
static void count_visit(replayer *player, uint32_t step)
{
    const vitrine_profile *profile = player->engine->visitor;
    uint32_t left = vitrine_view_of(profile).steps;
    for (uint32_t i = profile->count; left > 0 && i-- > 0;) {
        const vitrine_event *event = vitrine_profile_at(profile, i);
        if (profile->catalog->model->kinds[event->kind].steps == 0) continue;
        player->times[event->item] = step * (player->times[event->item] + step);
        left--;
    }
}

/* The same and the rivals, for which every part is asked about everything. */
static void take_position(replayer *player, const vitrine_fuse_play_plan *how, uint32_t items,
                          uint32_t position, vitrine_fuse_replay *replay)
{
    vitrine_ranker *ranker = player->engine->ranker;
    const vitrine_view view = vitrine_view_of(player->engine->visitor);
    uint32_t speak = 0;
    memset(player->score, 0, items * sizeof *player->score);
    for (uint32_t k = 0; k < VITRINE_PARTS; k++) {
        float *part = player->part + (size_t)k * items;
        const float total = vitrine_part_fill(ranker, &view, (vitrine_part)k);
        if (total > 0.0f) speak |= 1u << k;
        for (uint32_t j = 0; j < items; j++) part[j] = total > 0.0f ? ranker->part[j] / total : 0.0f;
        for (uint32_t j = 0; j < items; j++) player->score[j] += part[j];
        for (uint32_t s = 0; s <= player->seen_count; s++)
            player->share[s * VITRINE_PARTS + k] = part[player->seen[s]];
    }
    note(player, how, speak, ~0u, position, replay);
    if ((speak >> VITRINE_PART_NETWORK & 1u) != 0) measure_powers(player, items, position, replay);
    count_visit(player, 1);
    replay->times[position] = player->times[player->seen[0]];
    for (uint32_t k = 0; k < VITRINE_PARTS; k++)
        take_rivals(player, player->part + (size_t)k * items, items, position, replay);
    take_rivals(player, player->score, items, position, replay);
    count_visit(player, 0);
}

static void play_session(replayer *player, const vitrine_dataset *dataset,
                         const vitrine_fuse_options *options, const vitrine_fuse_play_plan *how,
                         uint32_t session, uint32_t position, vitrine_fuse_replay *replay)
{
    const uint64_t start = dataset->session_start[session], end = dataset->session_start[session + 1];
    vitrine_profile_forget_all(player->engine->visitor);
    player->seen_count = 0;
    for (uint64_t e = start; e < end && player->status == VITRINE_OK; e++) {
        if (is_target(dataset, options, start, e, end)) {
            player->seen[0] = dataset->item[e];
            if (how->rivals) take_position(player, how, dataset->items, position++, replay);
            else ask_position(player, how, position++, replay);
        }
        if (dataset->item[e] >= dataset->items) continue;
        const vitrine_event event = { .item = dataset->item[e], .kind = dataset->kind[e],
                                      .time = dataset->time[e], .value = dataset->value[e] };
        (void)vitrine_profile_observe(player->engine->visitor, &event);
        if (!options->drop_seen || !player->allowed[event.item]) continue;
        player->allowed[event.item] = 0;
        player->seen[++player->seen_count] = event.item;
    }
    for (uint64_t e = start; e < end; e++)
        if (dataset->item[e] < dataset->items) player->allowed[dataset->item[e]] = 1;
}

void vitrine_fuse_replay_free(vitrine_fuse_replay *replay)
{
    free(replay->context);
    free(replay->item);
    free(replay->times);
    free(replay->share);
    free(replay->mass);
    free(replay->norm);
    free(replay->open);
    free(replay->rivals);
    free(replay->rival);
    *replay = (vitrine_fuse_replay){0};
}

static bool replay_make(uint32_t positions, bool with_rivals, vitrine_fuse_replay *replay)
{
    const size_t n = (size_t)positions + 1;
    *replay = (vitrine_fuse_replay){
        .positions = positions,
        .keep = 1.0f,
        .context = calloc(n, sizeof *replay->context),
        .item = calloc(n, sizeof *replay->item),
        .times = calloc(n, sizeof *replay->times),
        .share = calloc(n * VITRINE_PARTS, sizeof *replay->share),
        .mass = calloc(n * VITRINE_PARTS, sizeof *replay->mass),
        .norm = calloc(n * VITRINE_SHARPS, sizeof *replay->norm),
        .open = calloc(n * VITRINE_SHARPS, sizeof *replay->open),
        .rivals = calloc(n, sizeof *replay->rivals),
        .rival = with_rivals ? malloc(n * VITRINE_RIVALS * sizeof *replay->rival) : NULL,
    };
    return replay->context && replay->item && replay->times && replay->share && replay->mass &&
           replay->norm && replay->open && replay->rivals && (!with_rivals || replay->rival);
}

/* The model with every part in use, so that the ranker works all of them out. */
static vitrine_status write_model(const vitrine_model_parts *parts, void **model, size_t *size,
                                  vitrine_fault *fault)
{
    float even[VITRINE_CONTEXTS * VITRINE_PARTS];
    for (int n = 0; n < VITRINE_CONTEXTS * VITRINE_PARTS; n++) even[n] = 1.0f / VITRINE_PARTS;
    vitrine_model_parts fused = *parts;
    fused.config.fused = 1;
    fused.fuse = even;
    const size_t bound = vitrine_model_write_bound(&fused);
    *model = aligned_alloc(64, (bound + 63) / 64 * 64);
    if (*model != NULL) return vitrine_model_write(&fused, *model, bound, size, fault);
    *fault = (vitrine_fault){ .status = VITRINE_NO_SPACE, .field = "memory" };
    return VITRINE_NO_SPACE;
}

vitrine_status vitrine_fuse_play(const vitrine_model_parts *parts, const vitrine_dataset *dataset,
                                 uint32_t first, uint32_t last,
                                 const vitrine_fuse_options *options,
                                 const vitrine_fuse_play_plan *how, vitrine_fuse_replay *replay,
                                 vitrine_fault *fault)
{
    const uint32_t threads = options->threads > 0 ? options->threads : 1;
    vitrine_status status = VITRINE_NO_SPACE;
    void *model = NULL;
    size_t size = 0;
    play_plan plan = {0};
    *replay = (vitrine_fuse_replay){0};
    *fault = (vitrine_fault){ .status = status, .field = "memory" };
    replayer *players = calloc(threads, sizeof *players);
    if (players == NULL || !make_plan(dataset, first, last, options, how->positions, &plan)) goto done;
    if (!replay_make(plan.start[plan.sessions], how->rivals, replay)) goto done;
    if ((status = write_model(parts, &model, &size, fault)) != VITRINE_OK) goto done;
    for (uint32_t t = 0; t < threads; t++) {
        status = player_make(model, size, dataset->items, &players[t], fault);
        if (status != VITRINE_OK) goto done;
    }
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (uint32_t t = 0; t < threads; t++)
        for (uint32_t n = t; n < plan.sessions; n += threads)
            play_session(&players[t], dataset, options, how, plan.session[n], plan.start[n], replay);
    for (uint32_t t = 0; t < threads && status == VITRINE_OK; t++) status = players[t].status;

done:
    for (uint32_t t = 0; players != NULL && t < threads; t++) player_free(&players[t]);
    free(players);
    free(plan.session);
    free(plan.start);
    free(model);
    if (status != VITRINE_OK) vitrine_fuse_replay_free(replay);
    return status;
}
