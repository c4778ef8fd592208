#include "cli/report_chart.h"

#include <math.h>
#include <stdio.h>
#include "cli/report_page.h"

enum { WIDTH = 340 };

void chart_grid(cli_output *out)
{
    cli_output_printf(out, "<div class=\"grid\">\n");
}

void chart_grid_end(cli_output *out)
{
    cli_output_printf(out, "</div>\n");
}

static void begin(cli_output *out, const char *heading, int height)
{
    cli_output_printf(out, heading != NULL ? "<figure>" : "<figure class=\"broad\">");
    if (heading != NULL) {
        cli_output_printf(out, "<h3>");
        report_string(out, heading);
        cli_output_printf(out, "</h3>");
    }
    cli_output_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\">\n", WIDTH, height);
}

static void end(cli_output *out)
{
    cli_output_printf(out, "</svg></figure>\n");
}

static void label(cli_output *out, double x, double y, const char *kind, const char *text)
{
    cli_output_printf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, kind);
    report_string(out, text);
    cli_output_printf(out, "</text>\n");
}

/* A step of 1, 2 or 5 times a power of ten, so that about `count` of them cover the span. */
static double step_for(double span, int count)
{
    const double rough = span / count, power = pow(10.0, floor(log10(rough > 0.0 ? rough : 1.0)));
    const double times = rough / power;
    return power * (times <= 1.0 ? 1.0 : times <= 2.0 ? 2.0 : times <= 5.0 ? 5.0 : 10.0);
}

/* A tick's number with as many decimals as its step needs. */
static void tick_text(double value, double step, char out[24])
{
    const int decimals = step >= 1.0 ? 0 : (int)ceil(-log10(step) - 1e-9);
    snprintf(out, 24, "%.*f", decimals < 9 ? decimals : 9, value);
}

void chart_bars(cli_output *out, const char *heading, const chart_bar *bars, size_t count)
{
    enum { LEFT = 98, RIGHT = 56, ROW = 25 };
    double most = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (bars[i].value > most) most = bars[i].value;
        if (bars[i].high > most) most = bars[i].high;
    }
    const double scale = most > 0.0 ? (WIDTH - LEFT - RIGHT) / most : 0.0;
    begin(out, heading, (int)count * ROW + 2);
    for (size_t i = 0; i < count; i++) {
        const chart_bar *b = &bars[i];
        const double y = (double)i * ROW + 3, length = isfinite(b->value) ? b->value * scale : 0.0;
        label(out, LEFT - 8, y + 13, b->first ? "name own end" : "name end", b->name);
        cli_output_printf(out, "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"18\" rx=\"3\" class=\"bar%s\"/>\n",
                          LEFT, y, length > 0.5 ? length : 0.5, b->first ? " first" : "");
        double right = LEFT + length;
        if (isfinite(b->low) && isfinite(b->high)) {
            const double x0 = LEFT + b->low * scale, x1 = LEFT + b->high * scale, c = y + 9;
            cli_output_printf(out, "<path class=\"whisk\" d=\"M%.1f %.1fH%.1fM%.1f %.1fv6M%.1f %.1fv6\"/>\n", x0,
                              c, x1, x0, c - 3, x1, c - 3);
            if (x1 > right) right = x1;
        }
        label(out, right + 6, y + 13, b->first ? "own" : "name", b->text);
    }
    end(out);
}

void chart_spans(cli_output *out, const char *heading, const chart_span *spans, size_t count, double whole)
{
    enum { LEFT = 148, RIGHT = 12, ROW = 15 };
    double most = whole;
    for (size_t i = 0; i < count; i++) most = spans[i].end > most ? spans[i].end : most;
    const double scale = most > 0.0 ? (WIDTH - LEFT - RIGHT) / most : 0.0, step = step_for(most, 4);
    const int bottom = (int)count * ROW + 4;
    begin(out, heading, bottom + 16);
    for (double tick = 0.0; tick <= most; tick += step) {
        char text[24];
        tick_text(tick, step, text);
        cli_output_printf(out, "<path class=\"rule\" d=\"M%.1f 2V%d\"/>\n", LEFT + tick * scale, bottom);
        label(out, LEFT + tick * scale, bottom + 12, "name", text);
    }
    for (size_t i = 0; i < count; i++) {
        const double y = (double)i * ROW + 3, length = (spans[i].end - spans[i].begin) * scale;
        label(out, LEFT - 6, y + 9, "name end", spans[i].name);
        cli_output_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"10\" rx=\"2\" class=\"bar first\"/>\n",
                          LEFT + spans[i].begin * scale, y, length > 0.5 ? length : 0.5);
    }
    cli_output_printf(out, "<path class=\"whisk\" d=\"M%.1f 2V%d\"/>\n", LEFT + whole * scale, bottom);
    end(out);
}

void chart_key(cli_output *out, const char *kind, const char *const *names, size_t count)
{
    cli_output_printf(out, "<ul class=\"key\">");
    for (size_t i = 0; i < count; i++) {
        cli_output_printf(out, "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><circle cx=\"5\" cy=\"5\" "
                               "r=\"5\" class=\"%s%zu\"/></svg>", kind, i);
        report_string(out, names[i]);
        cli_output_printf(out, "</li>");
    }
    cli_output_printf(out, "</ul>\n");
}

/* The vertical axis: rules and numbers, from low to high rounded outwards. */
typedef struct scale {
    double low, high, top, bottom;
} scale;

static double at(const scale *s, double value)
{
    return s->bottom - (value - s->low) / (s->high - s->low) * (s->bottom - s->top);
}

static scale draw_scale(cli_output *out, double low, double high, double top, double bottom, int left)
{
    char text[24];
    if (!(high > low)) high = low + (low != 0.0 ? fabs(low) * 0.1 : 1.0);
    const double step = step_for(high - low, 4);
    scale s = { floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, top, bottom };
    for (double v = s.low; v <= s.high + step * 0.01; v += step) {
        const double y = at(&s, v);
        cli_output_printf(out, "<path class=\"rule\" d=\"M%d %.1fH%d\"/>\n", left, y, WIDTH - 8);
        tick_text(v, step, text);
        label(out, left - 6, y + 4, "end", text);
    }
    return s;
}

void chart_lines(cli_output *out, const char *heading, const char *across, const double *const *y,
                 const char *const *names, size_t lines, size_t points, size_t mark, bool from_zero)
{
    enum { LEFT = 44, RIGHT = 12, TOP = 8, BOTTOM = 152, HEIGHT = 184 };
    double low = INFINITY, high = -INFINITY;
    for (size_t l = 0; l < lines; l++)
        for (size_t i = 0; i < points; i++) {
            if (!isfinite(y[l][i])) continue;
            if (y[l][i] < low) low = y[l][i];
            if (y[l][i] > high) high = y[l][i];
        }
    if (!isfinite(low)) return;
    const double wide = points > 1 ? (double)(WIDTH - LEFT - RIGHT) / (double)(points - 1) : 0.0;
    const size_t every = points > 12 ? (points + 9) / 10 : 1;
    begin(out, heading, HEIGHT);
    const scale s = draw_scale(out, from_zero ? 0.0 : low, high, TOP, BOTTOM, LEFT);
    for (size_t i = 0; i < points; i += every) {
        char text[24];
        snprintf(text, sizeof text, "%zu", i + 1);
        label(out, LEFT + wide * (double)i, BOTTOM + 15, "mid", text);
    }
    label(out, (LEFT + WIDTH - RIGHT) / 2.0, BOTTOM + 29, "mid", across);
    for (size_t l = 0; l < lines; l++) {
        bool pen = false;
        cli_output_printf(out, "<path class=\"l%zu\" d=\"", l);
        for (size_t i = 0; i < points; i++) {
            if (isfinite(y[l][i]))
                cli_output_printf(out, "%c%.1f %.1f", pen ? 'L' : 'M', LEFT + wide * (double)i, at(&s, y[l][i]));
            pen = isfinite(y[l][i]);
        }
        cli_output_printf(out, "\"/>\n");
        for (size_t i = 0; i < points; i++)
            if (isfinite(y[l][i]))
                cli_output_printf(out, "<circle class=\"p%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.4\"><title>%zu: %.4g</title></circle>\n",
                                  l == 2 ? (size_t)4 : l, LEFT + wide * (double)i, at(&s, y[l][i]), i + 1, y[l][i]);
    }
    if (mark > 0 && mark <= points && isfinite(y[0][mark - 1]))
        cli_output_printf(out, "<circle class=\"ring\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>\n",
                          LEFT + wide * (double)(mark - 1), at(&s, y[0][mark - 1]));
    cli_output_printf(out, "</svg>");
    if (lines > 1) chart_key(out, "p", names, lines);
    cli_output_printf(out, "</figure>\n");
}

void chart_dots(cli_output *out, const chart_row *rows, size_t count, const char *const *names,
                size_t series)
{
    enum { LEFT = 78, RIGHT = 58, ROW = 26, TOP = 18 };
    double most = 0.0;
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < series; s++)
            if (rows[i].value[s] > most) most = rows[i].value[s];
    if (!(most > 0.0)) most = 1.0;
    const double step = step_for(most, 4), high = ceil(most / step - 1e-9) * step;
    const double wide = (WIDTH - LEFT - RIGHT) / high;
    const int bottom = TOP + (int)count * ROW;
    begin(out, NULL, bottom + 4);
    for (double v = 0.0; v <= high + step * 0.01; v += step) {
        char text[24];
        tick_text(v, step, text);
        label(out, LEFT + v * wide, 10, "mid", text);
        cli_output_printf(out, "<path class=\"rule\" d=\"M%.1f %dV%d\"/>\n", LEFT + v * wide, TOP, bottom);
    }
    for (size_t i = 0; i < count; i++) {
        const double y = TOP + ((double)i + 0.5) * ROW;
        label(out, LEFT - 12, y + 4, "name end", rows[i].name);
        label(out, WIDTH, y + 4, "end", rows[i].aside);
        cli_output_printf(out, "<path class=\"track\" d=\"M%d %.1fH%d\"/>\n", LEFT, y, WIDTH - RIGHT);
        for (size_t s = series; s-- > 0;) {
            if (!isfinite(rows[i].value[s])) continue;
            cli_output_printf(out, "<circle class=\"p%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"><title>", s,
                              LEFT + rows[i].value[s] * wide, y, s == 0 ? 6.0 : 4.5);
            report_string(out, names[s]);
            cli_output_printf(out, ", %s: %.4f</title></circle>\n", rows[i].name, rows[i].value[s]);
        }
    }
    cli_output_printf(out, "</svg>");
    chart_key(out, "p", names, series);
    cli_output_printf(out, "</figure>\n");
}

void chart_points(cli_output *out, const char *heading, const char *across, const chart_point *points,
                  size_t count)
{
    enum { LEFT = 44, RIGHT = 30, TOP = 16, BOTTOM = 152, HEIGHT = 184 };
    double low = INFINITY, high = -INFINITY, most = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (points[i].y < low) low = points[i].y;
        if (points[i].y > high) high = points[i].y;
        if (points[i].x > most) most = points[i].x;
    }
    if (!(most > 0.0)) return;
    /* At least two per cent of the value: a hair's breadth should look like one. */
    const double margin = fmax((high - low) * 0.15, fabs(high) * 0.01);
    const double wide = (WIDTH - LEFT - RIGHT) / most;
    begin(out, heading, HEIGHT);
    const scale s = draw_scale(out, low - margin, high + margin, TOP, BOTTOM, LEFT);
    label(out, (LEFT + WIDTH - RIGHT) / 2.0, BOTTOM + 29, "mid", across);
    label(out, LEFT, BOTTOM + 15, "mid", "0");
    for (size_t i = 0; i < count; i++) {
        const double x = LEFT + points[i].x * wide, y = at(&s, points[i].y);
        const bool late = x > WIDTH * 0.6;
        cli_output_printf(out, "<path class=\"rule\" d=\"M%.1f %.1fV%d\"/><circle class=\"p%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"6\"/>\n",
                          x, y, BOTTOM, i == 0 ? 0 : 1, x, y);
        label(out, late ? x - 10 : x + 10, y - 8, late ? "name end" : "name", points[i].name);
        label(out, x, BOTTOM + 15, "mid", points[i].text);
    }
    end(out);
}
