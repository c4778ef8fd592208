/* The visit is played anew when somebody asks: a few dozen steps, no state to keep or to forget. */
#include "profile/intent.h"

#include <string.h>
#include "profile/profile.h"

static float squash(float value, float half)
{
    return value / (value + half);
}

void vitrine_intent_input(const vitrine_event *visit, uint32_t index, float popularity, float *x)
{
    const vitrine_event *event = &visit[index];
    uint32_t met = 0;
    memset(x, 0, VITRINE_INTENT_INPUTS * sizeof *x);
    x[event->kind] = 1.0f;
    for (uint32_t i = 0; i < index; i++) met += visit[i].item == event->item;
    if (index > 0) {
        const int64_t gap = event->time - visit[index - 1].time, since = event->time - visit[0].time;
        const bool timed = event->time > 0 && visit[0].time > 0;
        x[10] = timed && gap > 0 ? squash((float)gap, 60.0f) : 0.0f;
        x[11] = timed && since > 0 ? squash((float)since, 600.0f) : 0.0f;
        x[13] = visit[index - 1].item == event->item ? 1.0f : 0.0f;
    }
    x[12] = squash((float)index, 8.0f);
    x[14] = squash((float)met, 2.0f);
    x[15] = squash(popularity, 1.0f);
}

/* The newest visit, oldest event first: visit [VITRINE_INTENT_EVENTS]; returns how many. */
static uint32_t newest_visit(const vitrine_profile *profile, uint32_t gap, vitrine_event *visit)
{
    uint32_t count = 0;
    int64_t later = 0;
    for (uint32_t i = profile->count; i-- > 0 && count < VITRINE_INTENT_EVENTS;) {
        const vitrine_event *event = vitrine_profile_at(profile, i);
        if (event->kind == VITRINE_PURCHASE) break;
        if (!vitrine_intent_takes(event->kind)) continue;
        if (later > 0 && event->time > 0 && later - event->time > (int64_t)gap) break;
        later = event->time;
        visit[count++] = *event;
    }
    for (uint32_t i = 0; i < count / 2; i++) {
        const vitrine_event kept = visit[i];
        visit[i] = visit[count - 1 - i];
        visit[count - 1 - i] = kept;
    }
    return count;
}

bool vitrine_profile_intent(const vitrine_profile *profile, float *intent)
{
    const vitrine_model *model = profile->catalog->model;
    const uint32_t items = model->config.items;
    vitrine_event visit[VITRINE_INTENT_EVENTS];
    float h[VITRINE_INTENT_MAX_HIDDEN] = {0}, c[VITRINE_INTENT_MAX_HIDDEN] = {0};
    *intent = 0.0f;
    if (model->intent_section == NULL) return false;
    const uint32_t count = newest_visit(profile, model->intent.gap, visit);
    for (uint32_t i = 0; i < count; i++) {
        float x[VITRINE_INTENT_INPUTS];
        const float share = visit[i].item < items ? vitrine_model_popularity(model, visit[i].item) : 0.0f;
        vitrine_intent_input(visit, i, share * (float)items, x);
        vitrine_intent_step(&model->intent, model->kernels, x, h, c);
    }
    if (count > 0) *intent = vitrine_intent_answer(&model->intent, model->kernels, h);
    return count > 0;
}
