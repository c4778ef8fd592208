/* What shelves showed: a ring beside the events, since shelves show many items for each that is taken
 * up and would push the events out of theirs. */
#include "profile/profile.h"

#include <string.h>

#include "kernels/activation.h"

vitrine_status vitrine_profile_seen(vitrine_profile *profile, uint32_t item, int64_t time)
{
    if (item >= profile->catalog->items) return VITRINE_UNKNOWN_ITEM;
    if (time < 0 || time > (int64_t)1 << 40) return VITRINE_BAD_VALUE;
    if ((vitrine_catalog_marks(profile->catalog, item) & VITRINE_IS_SENSITIVE) != 0)
        return VITRINE_NOT_KEPT;
    const vitrine_impression seen = {item, time};
    if (profile->seen_count == VITRINE_IMPRESSIONS)
        profile->seen_start = (profile->seen_start + 1) % VITRINE_IMPRESSIONS;
    else
        profile->seen_count++;
    profile->seen[(profile->seen_start + profile->seen_count - 1) % VITRINE_IMPRESSIONS] = seen;
    profile->seen_revision++;
    return VITRINE_OK;
}

uint32_t vitrine_profile_impressions(const vitrine_profile *profile) { return profile->seen_count; }

void vitrine_seen_forget(vitrine_profile *profile, uint32_t item, int64_t since)
{
    const vitrine_impression nothing = {0, 0};
    uint32_t kept = 0;
    for (uint32_t i = 0; i < profile->seen_count; i++) {
        const vitrine_impression seen = *vitrine_profile_seen_at(profile, i);
        if (seen.item == item || (since != 0 && seen.time >= since)) continue;
        profile->seen[(profile->seen_start + kept++) % VITRINE_IMPRESSIONS] = seen;
    }
    for (uint32_t i = kept; i < profile->seen_count; i++)
        profile->seen[(profile->seen_start + i) % VITRINE_IMPRESSIONS] = nothing;
    profile->seen_count = kept;
    profile->seen_revision++;
}

uint32_t vitrine_seen_views(const vitrine_profile *profile, int64_t now, float half_life, float *views,
                            float *taken)
{
    uint32_t event = profile->count, counted = 0;
    if (profile->seen_count == 0) return 0;
    memset(views, 0, profile->catalog->items * sizeof *views);
    memset(taken, 0, profile->catalog->items * sizeof *taken);
    if (now == 0) now = vitrine_profile_seen_at(profile, profile->seen_count - 1)->time;
    /* Back in time through both rings; of one second the event counts as the later. */
    for (uint32_t i = profile->seen_count; i-- > 0;) {
        const vitrine_impression *seen = vitrine_profile_seen_at(profile, i);
        for (; event > 0; event--) {
            const vitrine_event *e = vitrine_profile_at(profile, event - 1);
            if (e->time < seen->time && e->time > 0) break;
            if (vitrine_takes_up(e->kind)) taken[e->item] = 1.0f;
        }
        if (taken[seen->item] > 0.0f) continue;
        const float age = now > seen->time ? (float)(now - seen->time) : 0.0f;
        views[seen->item] += half_life > 0.0f ? vitrine_exp_scalar(age / half_life * -0.693147181f) : 1.0f;
        counted++;
    }
    return counted;
}
