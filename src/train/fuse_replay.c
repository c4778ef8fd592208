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
    uint32_t *all;    /* [items] 0, 1, 2, ... */
    float *share;     /* [items][VITRINE_PARTS] */
    float *score;     /* [items] */
    uint8_t *allowed; /* [items] 0 = seen and dropped */
    uint32_t *met;    /* [items] the position + 1 that took the item as a rival */
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
    free(player->all);
    free(player->share);
    free(player->score);
    free(player->allowed);
    free(player->met);
    free(player->seen);
}

static vitrine_status player_make(const void *model, size_t size, uint32_t items, replayer *player,
                                  vitrine_fault *fault)
{
    const vitrine_status status = vitrine_engine_create(model, size, NULL, 0, VITRINE_ENGINE_EVENTS,
                                                        &player->engine, fault);
    if (status != VITRINE_OK) return status;
    player->all = malloc(items * sizeof *player->all);
    player->share = malloc(((size_t)items + 1) * VITRINE_PARTS * sizeof *player->share);
    player->score = malloc(items * sizeof *player->score);
    player->allowed = malloc(items);
    player->met = calloc(items, sizeof *player->met);
    player->seen = malloc(((size_t)items + 1) * sizeof *player->seen);
    if (!player->all || !player->share || !player->score || !player->allowed || !player->met ||
        !player->seen) {
        *fault = (vitrine_fault){ .status = VITRINE_NO_SPACE, .field = "memory" };
        return VITRINE_NO_SPACE;
    }
    for (uint32_t j = 0; j < items; j++) player->all[j] = j;
    memset(player->allowed, 1, items);
    return VITRINE_OK;
}

/* Adds the best candidates by player->score that are no rivals yet. */
static void take_rivals(replayer *player, uint32_t items, uint32_t position, uint32_t target,
                        vitrine_fuse_replay *replay)
{
    uint32_t best[BEST_OF_PART];
    float score[BEST_OF_PART];
    const uint32_t count =
        vitrine_topk(player->score, items, player->allowed, BEST_OF_PART, best, score);
    vitrine_rival *rival = replay->rival + (size_t)position * VITRINE_RIVALS;
    for (uint32_t n = 0; n < count && score[n] > 0.0f; n++) {
        const uint32_t j = best[n];
        if (j == target || player->met[j] == position + 1) continue;
        player->met[j] = position + 1;
        vitrine_rival *new_one = &rival[replay->rivals[position]++];
        new_one->item = j;
        memcpy(new_one->share, player->share + (size_t)j * VITRINE_PARTS, sizeof new_one->share);
    }
}

static void measure(const replayer *player, uint32_t items, uint32_t position,
                    vitrine_fuse_replay *replay)
{
    double mass[VITRINE_PARTS] = {0}, all[VITRINE_SHARPS] = {0}, open[VITRINE_SHARPS] = {0};
    for (uint32_t j = 0; j < items; j++) {
        const float *share = player->share + (size_t)j * VITRINE_PARTS;
        float power[VITRINE_SHARPS];
        vitrine_sharpen(share[VITRINE_PART_NETWORK], power);
        for (int s = 0; s < VITRINE_SHARPS; s++) all[s] += (double)power[s];
        if (!player->allowed[j]) continue;
        for (int s = 0; s < VITRINE_SHARPS; s++) open[s] += (double)power[s];
        for (int k = 0; k < VITRINE_PARTS; k++) mass[k] += (double)share[k];
    }
    for (int k = 0; k < VITRINE_PARTS; k++)
        replay->mass[(size_t)position * VITRINE_PARTS + (size_t)k] = (float)mass[k];
    for (int s = 0; s < VITRINE_SHARPS; s++) {
        const size_t at = (size_t)position * VITRINE_SHARPS + (size_t)s;
        replay->norm[at] = (float)all[s];
        replay->open[at] = all[s] > 0.0 ? (float)(open[s] / all[s]) : 0.0f;
    }
}

/* The target's shares and what the parts leave to candidates, without asking about anything else. */
static void ask_position(replayer *player, const vitrine_fuse_play_plan *how, uint32_t target,
                         uint32_t position, vitrine_fuse_replay *replay)
{
    const vitrine_view view = vitrine_view_of(player->engine->visitor);
    float need[VITRINE_PARTS], *share = replay->share + (size_t)position * VITRINE_PARTS;
    float *mass = replay->mass + (size_t)position * VITRINE_PARTS;
    for (int k = 0; k < VITRINE_PARTS; k++)
        need[k] = how->base == NULL || (how->anew >> k & 1u) != 0 ? 1.0f : 0.0f;
    replay->context[position] = (uint8_t)vitrine_view_context(&view);
    replay->item[position] = player->seen[0] = target;
    const uint32_t speak = vitrine_view_shares(player->engine->ranker, &view, need, player->seen,
                                               player->seen_count + 1, player->share);
    for (int k = 0; k < VITRINE_PARTS; k++) {
        const size_t at = (size_t)position * VITRINE_PARTS + (size_t)k;
        share[k] = need[k] > 0.0f ? player->share[k] : how->base->share[at];
        mass[k] = need[k] > 0.0f ? (float)(speak >> k & 1u) : how->base->mass[at];
        for (uint32_t s = 1; need[k] > 0.0f && s <= player->seen_count; s++)
            mass[k] -= player->share[(size_t)s * VITRINE_PARTS + (size_t)k];
        if (mass[k] < 0.0f) mass[k] = 0.0f;
    }
}

static void take_position(replayer *player, uint32_t items, uint32_t target, uint32_t position,
                          vitrine_fuse_replay *replay)
{
    player->status = vitrine_ranker_parts(player->engine->ranker, player->engine->visitor,
                                          player->all, items, player->share);
    if (player->status != VITRINE_OK) return;
    const vitrine_view view = vitrine_view_of(player->engine->visitor);
    replay->context[position] = (uint8_t)vitrine_view_context(&view);
    replay->item[position] = target;
    memcpy(replay->share + (size_t)position * VITRINE_PARTS,
           player->share + (size_t)target * VITRINE_PARTS, VITRINE_PARTS * sizeof(float));
    measure(player, items, position, replay);
    for (int k = 0; k <= VITRINE_PARTS; k++) {
        for (uint32_t j = 0; j < items; j++) {
            const float *share = player->share + (size_t)j * VITRINE_PARTS;
            float all = 0.0f;
            for (int part = 0; part < VITRINE_PARTS; part++) all += share[part];
            player->score[j] = k < VITRINE_PARTS ? share[k] : all;
        }
        take_rivals(player, items, position, target, replay);
    }
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
            if (how->rivals)
                take_position(player, dataset->items, dataset->item[e], position++, replay);
            else
                ask_position(player, how, dataset->item[e], position++, replay);
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
        .context = calloc(n, sizeof *replay->context),
        .item = calloc(n, sizeof *replay->item),
        .share = calloc(n * VITRINE_PARTS, sizeof *replay->share),
        .mass = calloc(n * VITRINE_PARTS, sizeof *replay->mass),
        .norm = calloc(n * VITRINE_SHARPS, sizeof *replay->norm),
        .open = calloc(n * VITRINE_SHARPS, sizeof *replay->open),
        .rivals = calloc(n, sizeof *replay->rivals),
        .rival = with_rivals ? malloc(n * VITRINE_RIVALS * sizeof *replay->rival) : NULL,
    };
    return replay->context && replay->item && replay->share && replay->mass && replay->norm &&
           replay->open && replay->rivals && (!with_rivals || replay->rival);
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
