/* Google Merchant feeds as XML: RSS 2.0 with its <item>, Atom with its <entry>, in one pass by expat.
 *
 * A feed is a stranger's file. Entity declarations are refused, and with them the files that grow when
 * they are read; depth and the text of a field are bounded, and nothing outside the file is fetched. */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "data/item_builder.h"

enum { DEPTH = 32, NAME = 64, FIELD_TEXT = 1 << 16, ITEM_TEXT = 1 << 20 };

/* One child element of an item: its name, and where its text lies. */
typedef struct member {
    char name[NAME];
    bool prefixed;
    size_t start, length;
} member;

typedef struct feed {
    vitrine_item_builder *builder;
    vitrine_problem *problem;
    const char *source;
    XML_Parser parser;
    bool failed;
    int depth, item_depth; /* item_depth 0: not in an item */
    uint64_t line;         /* where the item begins */
    member member[VITRINE_CSV_FIELDS];
    uint32_t members;
    bool open;             /* the last member takes text */
    char *text;            /* [ITEM_TEXT] of the item's members, one after the other */
    size_t used;
    uint64_t items;
} feed;

static void stop(feed *f, const char *what)
{
    if (f->failed) return;
    f->failed = true;
    vitrine_problem_set(f->problem, VITRINE_PROBLEM_INPUT, "%s, line %llu: %s", f->source,
                        (unsigned long long)XML_GetCurrentLineNumber(f->parser), what);
    XML_StopParser(f->parser, XML_FALSE);
}

/* "g:price" is price: whoever made the feed chose the prefix. */
static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

static void take(feed *f, const char *text, size_t length)
{
    member *m = &f->member[f->members - 1];
    if (m->length + length > FIELD_TEXT) length = m->length < FIELD_TEXT ? FIELD_TEXT - m->length : 0;
    if (f->used + length > ITEM_TEXT) {
        stop(f, "an item of more than 1 MB of text");
        return;
    }
    memcpy(f->text + f->used, text, length);
    f->used += length;
    m->length += length;
}

static void begin_member(feed *f, const char *full, const char **attributes)
{
    const char *const name = local(full);
    f->open = f->members < VITRINE_CSV_FIELDS;
    /* Atom has an <id> and a <title> of its own: Merchant's hold. */
    for (uint32_t i = 0; name != full && i < f->members; i++)
        if (!f->member[i].prefixed && strcmp(f->member[i].name, name) == 0) f->member[i].name[0] = 0;
    if (!f->open) return;
    member *m = &f->member[f->members++];
    const size_t length = strlen(name);
    memcpy(m->name, name, length < NAME ? length : NAME - 1);
    m->name[length < NAME ? length : NAME - 1] = 0;
    m->prefixed = name != full;
    m->start = f->used;
    m->length = 0;
    /* Atom: <link href="..."/>, <category term="..."/> */
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(attributes[0], "href") == 0 || strcmp(attributes[0], "term") == 0)
            take(f, attributes[1], strlen(attributes[1]));
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    feed *f = context;
    if (++f->depth > DEPTH) {
        stop(f, "elements nested deeper than 32");
        return;
    }
    const char *const word = local(name);
    if (f->depth == 1 && (strcmp(word, "html") == 0 || strcmp(word, "HTML") == 0)) {
        stop(f, "a web page, not a feed: check the address");
    } else if (f->item_depth == 0 && (strcmp(word, "item") == 0 || strcmp(word, "entry") == 0)) {
        f->item_depth = f->depth;
        f->members = 0;
        f->used = 0;
        f->open = false;
        f->line = XML_GetCurrentLineNumber(f->parser);
    } else if (f->item_depth > 0 && f->depth == f->item_depth + 1) {
        begin_member(f, name, attributes);
    }
}

static void XMLCALL on_text(void *context, const XML_Char *text, int length)
{
    feed *f = context;
    /* The price of <shipping><price> is not the item's. */
    if (f->item_depth > 0 && f->open && f->depth == f->item_depth + 1) take(f, text, (size_t)length);
}

static void end_item(feed *f)
{
    vitrine_field header[VITRINE_CSV_FIELDS], field[VITRINE_ITEM_FIELDS] = {{NULL, 0}};
    int column[VITRINE_ITEM_FIELDS];
    f->items++;
    for (uint32_t i = 0; i < f->members; i++) {
        header[i].text = f->member[i].name;
        header[i].length = strlen(f->member[i].name);
    }
    if (!vitrine_columns_find(f->builder->known, VITRINE_ITEM_FIELDS, f->builder->options->columns,
                              false, header, f->members, NULL, column, f->problem)) {
        f->failed = true;
        XML_StopParser(f->parser, XML_FALSE);
        return;
    }
    for (int i = 0; i < VITRINE_ITEM_FIELDS; i++) {
        if (column[i] == VITRINE_NO_COLUMN) continue;
        const member *m = &f->member[column[i]];
        field[i].text = f->text + m->start;
        field[i].length = m->length;
    }
    if (!vitrine_item_builder_record(f->builder, field, f->line, f->problem)) {
        f->failed = true;
        XML_StopParser(f->parser, XML_FALSE);
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    feed *f = context;
    (void)name;
    if (f->item_depth > 0 && f->depth == f->item_depth) {
        end_item(f);
        f->item_depth = 0;
    } else if (f->depth == f->item_depth + 1) {
        f->open = false;
    }
    f->depth--;
}

static void XMLCALL on_entity(void *context, const XML_Char *name, int parameter, const XML_Char *value,
                              int length, const XML_Char *base, const XML_Char *system,
                              const XML_Char *public, const XML_Char *notation)
{
    (void)name, (void)parameter, (void)value, (void)length, (void)base, (void)system, (void)public,
        (void)notation;
    stop(context, "declares an entity, which no feed needs: refused");
}

/* What expat found wrong, unless a callback of ours has said it. */
static bool explain(feed *f)
{
    if (f->failed) return false;
    const enum XML_Error code = XML_GetErrorCode(f->parser);
    if (code == XML_ERROR_NO_MEMORY) return vitrine_problem_memory(f->problem);
    return vitrine_problem_set(f->problem, VITRINE_PROBLEM_INPUT, "%s, line %llu: no valid XML: %s: write the "
                               "feed again, or save it as TSV", f->source,
                               (unsigned long long)XML_GetCurrentLineNumber(f->parser), XML_ErrorString(code));
}

static bool parse(feed *f, vitrine_text *source)
{
    for (;;) {
        const char *bytes;
        size_t size;
        const vitrine_step step = vitrine_text_block(source, &bytes, &size, f->problem);
        if (step == VITRINE_STEP_BAD) return false;
        if (XML_Parse(f->parser, step == VITRINE_STEP_ONE ? bytes : "", step == VITRINE_STEP_ONE ? (int)size : 0,
                      step == VITRINE_STEP_END) != XML_STATUS_OK)
            return explain(f);
        if (step == VITRINE_STEP_END) break;
    }
    return f->items > 0 || vitrine_problem_set(f->problem, VITRINE_PROBLEM_INPUT,
                                               "%s: XML without an <item> or <entry>: a Merchant feed was expected",
                                               f->source);
}

bool vitrine_item_xml(vitrine_item_builder *builder, vitrine_text *source, vitrine_problem *problem)
{
    feed *f = calloc(1, sizeof *f);
    if (f == NULL) return vitrine_problem_memory(problem);
    f->builder = builder;
    f->problem = problem;
    f->source = vitrine_text_name(source);
    f->text = malloc(ITEM_TEXT);
    f->parser = XML_ParserCreate(NULL);
    bool ok = f->text != NULL && f->parser != NULL;
    if (ok) {
        XML_SetUserData(f->parser, f);
        XML_SetElementHandler(f->parser, on_start, on_end);
        XML_SetCharacterDataHandler(f->parser, on_text);
        XML_SetEntityDeclHandler(f->parser, on_entity);
        ok = parse(f, source);
    } else {
        vitrine_problem_memory(problem);
    }
    if (f->parser != NULL) XML_ParserFree(f->parser);
    free(f->text);
    free(f);
    return ok;
}
