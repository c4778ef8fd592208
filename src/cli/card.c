#include "cli/card.h"

#include <stdio.h>
#include <string.h>
#include "cli/command.h"
#include "cli/options.h"
#include "data/json.h"

static void print_scalar(const cJSON *value)
{
    if (cJSON_IsString(value)) printf("%s", value->valuestring);
    else if (cJSON_IsBool(value)) printf("%s", cJSON_IsTrue(value) ? "yes" : "no");
    else if (cJSON_IsNumber(value)) printf("%.6g", value->valuedouble);
    else printf("unknown");
}

/* Whole numbers with all their digits, others with four. */
static void print_number(double value)
{
    if (value == (double)(long long)value && value > -1e15 && value < 1e15) printf("%lld", (long long)value);
    else printf("%.4g", value);
}

static void print_members(const cJSON *object, int depth)
{
    const cJSON *member;
    cJSON_ArrayForEach(member, object)
    {
        printf("%*s%s:", 2 * depth, "", member->string);
        if (cJSON_IsObject(member)) {
            putchar('\n');
            print_members(member, depth + 1);
            continue;
        }
        putchar(' ');
        if (cJSON_IsArray(member)) {
            const cJSON *one;
            cJSON_ArrayForEach(one, member)
            {
                if (one != member->child) printf(", ");
                print_scalar(one);
            }
            if (member->child == NULL) printf("none");
        } else if (cJSON_IsNumber(member)) {
            print_number(member->valuedouble);
        } else {
            print_scalar(member);
        }
        putchar('\n');
    }
}

int cli_print_card(const char *command, const char *path, const char *card, size_t size)
{
    vitrine_problem problem = { 0 };
    if (size == 0) return cli_fail(command, CLI_INPUT, "%s: carries no card", path);
    cJSON *json = vitrine_json_parse(card, size, VITRINE_JSON_VALUE, path, &problem);
    if (cJSON_IsObject(json)) print_members(json, 0);
    else printf("%.*s\n", (int)size, card);
    cJSON_Delete(json);
    return CLI_OK;
}
