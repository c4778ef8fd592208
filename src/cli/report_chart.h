/* What the sections of the report are drawn with: inline SVG, 340 units wide, so that a phone shows it
 * at about its own size. Colours are classes of the page's style sheet. */
#ifndef VITRINE_CLI_REPORT_CHART_H
#define VITRINE_CLI_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include "cli/output.h"

/* A figure with its heading, and a grid of figures. */
void chart_grid(cli_output *out);
void chart_grid_end(cli_output *out);

/* One bar of a bar chart. low and high: an interval, NAN without one; text: what stands behind it. */
typedef struct chart_bar {
    const char *name;
    double value, low, high;
    bool first; /* in the page's own colour */
    char text[24];
} chart_bar;

/* Bars from 0, one below the other. */
void chart_bars(cli_output *out, const char *heading, const chart_bar *bars, size_t count);

/* A stretch of time, in the order of the rows. */
typedef struct chart_span {
    const char *name;
    double begin, end;
} chart_span;
/* Spans on one axis from 0, in milliseconds, with a line where the whole ends. */
void chart_spans(cli_output *out, const char *heading, const chart_span *spans, size_t count, double whole);

/* Lines over whole numbers 1 .. points: y [lines][points], NAN leaves a gap. mark: a point to ring on
 * the first line, 0 none. from_zero: the axis begins at 0. */
void chart_lines(cli_output *out, const char *heading, const char *across, const double *const *y,
                 const char *const *names, size_t lines, size_t points, size_t mark, bool from_zero);

/* One row of dots on a track from 0 to 1. */
typedef struct chart_row {
    const char *name, *aside;
    double value[4];
} chart_row;
void chart_dots(cli_output *out, const chart_row *rows, size_t count, const char *const *names,
                size_t series);

/* Points with names: across, up. */
typedef struct chart_point {
    const char *name;
    double x, y;
    char text[24]; /* what stands for x */
} chart_point;
void chart_points(cli_output *out, const char *heading, const char *across, const chart_point *points,
                  size_t count);

/* A key: a coloured dot of class `kind` and its number, then the name. */
void chart_key(cli_output *out, const char *kind, const char *const *names, size_t count);

#endif
