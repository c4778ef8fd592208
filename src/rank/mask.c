/* Which items may be listed. In a file of its own, since it sweeps over all items and wants to be fast
 * where most of the room wants to be small. */
#include "rank/ranker.h"

/* allowed[i] = available[i] and none of `gone` in flags[i] and asked[i], in one sweep. `restrict` on
 * the parameters is what lets compilers take sixteen bytes at once. */
static void mask_bytes(uint8_t *restrict allowed, const uint8_t *restrict available,
                       const uint8_t *restrict flags, uint8_t gone, const uint8_t *restrict asked,
                       uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint8_t stays = (flags[i] & gone) == 0, wanted = asked[i] != 0;
        allowed[i] = available[i] & stays & wanted;
    }
}

void vitrine_mask(vitrine_ranker *ranker, const vitrine_profile *profile,
                  const vitrine_filter *filter)
{
    const uint8_t *available = ranker->catalog->available;
    const uint32_t exclude = filter != NULL ? filter->exclude_flags & 127u : 0u;
    /* Nobody's flags are taken from anything and held against nothing; asking for what is available
     * asks for no less. */
    const uint8_t gone = profile != NULL ? (uint8_t)(VITRINE_WAS_DISMISSED | exclude) : 0;
    mask_bytes(ranker->allowed, available, profile != NULL ? profile->flags : available, gone,
               filter != NULL && filter->allowed != NULL ? filter->allowed : available,
               ranker->catalog->items);
}
