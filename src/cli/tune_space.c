#include "cli/tune_space.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "train/random.h"

/* What pays to search, by what the sets that this was built with agreed and disagreed on. */
static const char built_in[] =
    "{\"arch\":[\"gru\",\"lstm\"],\"dim\":[32,48,64,96],"
    "\"rate\":{\"low\":0.0012,\"high\":0.008,\"log\":true},"
    "\"batch\":[32,64,128],"
    "\"dropout-input\":{\"low\":0,\"high\":0.6},\"dropout-output\":{\"low\":0,\"high\":0.5},"
    "\"weight-decay\":[0,0,0.001,0.01],"
    "\"window\":[5,10,20],\"neighbours\":[20,40,64,100]}";

static bool is_scalar(const cJSON *value)
{
    return (cJSON_IsString(value) && value->valuestring[0] != 0 && strlen(value->valuestring) < TUNE_VALUE) ||
           (cJSON_IsNumber(value) && isfinite(value->valuedouble)) || cJSON_IsBool(value);
}

static bool check_range(const cJSON *range)
{
    const cJSON *low = cJSON_GetObjectItemCaseSensitive(range, "low");
    const cJSON *high = cJSON_GetObjectItemCaseSensitive(range, "high");
    const cJSON *log = cJSON_GetObjectItemCaseSensitive(range, "log");
    const cJSON *whole = cJSON_GetObjectItemCaseSensitive(range, "whole");
    const int known = 2 + (log != NULL) + (whole != NULL);
    return cJSON_IsNumber(low) && cJSON_IsNumber(high) && cJSON_GetArraySize(range) == known &&
           (log == NULL || cJSON_IsBool(log)) && (whole == NULL || cJSON_IsBool(whole)) &&
           low->valuedouble <= high->valuedouble && (!cJSON_IsTrue(log) || low->valuedouble > 0.0);
}

static bool check(const cJSON *space, const char *where, vitrine_problem *problem)
{
    const cJSON *option;
    if (!cJSON_IsObject(space) || cJSON_GetArraySize(space) == 0 || cJSON_GetArraySize(space) > TUNE_MOST_OPTIONS)
        return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT, "%s: a space is an object of 1 to %d options of train",
                                   where, TUNE_MOST_OPTIONS);
    cJSON_ArrayForEach(option, space)
    {
        const cJSON *value;
        bool ok = strlen(option->string) < TUNE_NAME && option->string[0] != '-' && option->string[0] != 0;
        if (cJSON_IsArray(option)) {
            ok = ok && cJSON_GetArraySize(option) > 0;
            cJSON_ArrayForEach(value, option) ok = ok && is_scalar(value);
        } else {
            ok = ok && cJSON_IsObject(option) && check_range(option);
        }
        if (!ok)
            return vitrine_problem_set(problem, VITRINE_PROBLEM_INPUT,
                                       "%s: \"%.40s\" wants a list of values, or {\"low\":..,\"high\":..} with \"log\" or "
                                       "\"whole\" where they apply; names are train's, without dashes in front",
                                       where, option->string);
    }
    return true;
}

bool tune_space_read(tune_space *space, const char *text, size_t size, const char *where,
                     vitrine_problem *problem)
{
    if (text == NULL) {
        text = built_in;
        size = sizeof built_in - 1;
        where = "the built-in space";
    }
    space->json = vitrine_json_parse(text, size, VITRINE_JSON_VALUE, where, problem);
    if (space->json == NULL) return false;
    if (check(space->json, where, problem)) return true;
    tune_space_free(space);
    return false;
}

void tune_space_free(tune_space *space)
{
    cJSON_Delete(space->json);
    space->json = NULL;
}

/* A number as train reads it: four digits are enough to tell settings apart, and short to type. */
static void put_number(double value, bool whole, char out[TUNE_VALUE])
{
    snprintf(out, TUNE_VALUE, whole ? "%.0f" : "%.4g", value);
}

static void draw_value(const cJSON *option, uint64_t bits, tune_setting *to)
{
    char *name = to->name[to->count], *value = to->value[to->count];
    snprintf(name, TUNE_NAME, "%s", option->string);
    value[0] = 0;
    if (cJSON_IsArray(option)) {
        const cJSON *one = cJSON_GetArrayItem(
            option, (int)vitrine_random_below(bits, (uint32_t)cJSON_GetArraySize(option)));
        if (cJSON_IsFalse(one)) return; /* a flag left out */
        if (cJSON_IsString(one)) snprintf(value, TUNE_VALUE, "%s", one->valuestring);
        if (cJSON_IsNumber(one)) snprintf(value, TUNE_VALUE, "%.10g", one->valuedouble);
    } else {
        const double low = cJSON_GetObjectItemCaseSensitive(option, "low")->valuedouble;
        const double high = cJSON_GetObjectItemCaseSensitive(option, "high")->valuedouble;
        const bool whole = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(option, "whole"));
        const double u = vitrine_random_unit(bits);
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(option, "log")))
            put_number(low * pow(high / low, u), whole, value);
        else
            put_number(whole ? floor(low + u * (high - low + 1.0)) : low + u * (high - low), whole, value);
    }
    to->count++;
}

void tune_space_draw(const tune_space *space, uint64_t seed, uint32_t trial, tune_setting *setting)
{
    const cJSON *option;
    const uint64_t key = vitrine_random(seed, trial);
    uint64_t index = 0;
    setting->count = 0;
    if (trial == 0) return;
    cJSON_ArrayForEach(option, space->json) draw_value(option, vitrine_random(key, index++), setting);
}
