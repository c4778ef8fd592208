#include "cli/report_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The eight colours of the map are Paul Tol's "bright" scheme, which people with any colour vision can
 * tell apart, with an orange for its grey; the ninth is grey for the rest. */
static const char *const style[] = {
    ":root{color-scheme:light dark;--bg:#fbfaf8;--card:#fff;--ink:#1d2226;--soft:#646c73;--line:#e4e1db;"
    "--track:#efece6;--own:#0b7a6f;--ownsoft:#bfe3de;--other:#a8b0b7;--warm:#c8553d;"
    "--c0:#4477aa;--c1:#ee6677;--c2:#228833;--c3:#b8a52f;--c4:#49b5d6;--c5:#aa3377;--c6:#ee8833;"
    "--c7:#7a5cc2;--c8:#9aa0a6}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1c2125;--ink:#e8e6e1;--soft:#9aa4ac;"
    "--line:#2e353b;--track:#262c31;--own:#4cc9b8;--ownsoft:#215a53;--other:#5f6a73;--warm:#ef8a6f;"
    "--c0:#7aa6d6;--c1:#ff8f9c;--c2:#58b86a;--c3:#d9c75a;--c4:#7fd4ee;--c5:#d977ad;--c6:#f6a766;"
    "--c7:#a78be6;--c8:#7d868d}}\n"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif;"
    "-webkit-text-size-adjust:100%}\n",
    "main{max-width:1040px;margin:0 auto;padding:clamp(16px,4vw,48px) clamp(14px,3vw,32px) 64px}"
    "h1{font-size:clamp(1.6rem,5vw,2.4rem);line-height:1.15;letter-spacing:-.02em;margin:0 0 4px}"
    "h2{font-size:1.2rem;letter-spacing:-.01em;margin:0 0 2px}h3{font-size:.85rem;font-weight:600;"
    "margin:0 0 6px;color:var(--soft)}p{margin:0 0 14px}.note,header p{color:var(--soft);"
    "font-size:.92rem;max-width:68ch}\n"
    "section{background:var(--card);border:1px solid var(--line);border-radius:14px;"
    "padding:clamp(14px,2.6vw,24px);margin:20px 0 0}\n"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(110px,1fr));gap:10px;margin:16px 0 0}"
    ".tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:12px 14px}"
    ".tile b{display:block;font-size:1.25rem;line-height:1.2;letter-spacing:-.02em;white-space:nowrap;"
    "font-variant-numeric:tabular-nums}.tile span{display:block;color:var(--soft);font-size:.8rem;line-height:1.35}"
    "section .tile{background:var(--bg)}\n",
    ".grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,280px),1fr));"
    "gap:22px 28px;margin:14px 0 0}figure{margin:0;min-width:0;max-width:440px}"
    ".broad{max-width:480px;margin-top:14px}.map{max-width:720px}"
    "svg{display:block;width:100%;height:auto;overflow:visible}"
    "svg text{fill:var(--soft);font-size:12px;font-family:inherit;font-variant-numeric:tabular-nums}"
    "svg .name{fill:var(--ink)}svg .own{fill:var(--own);font-weight:600}svg .end{text-anchor:end}"
    "svg .mid{text-anchor:middle}.rule{stroke:var(--line)}.axis{stroke:var(--other)}"
    ".bar{fill:var(--other)}.bar.first{fill:var(--own)}.track{stroke:var(--track);stroke-width:6;"
    "stroke-linecap:round}.whisk{stroke:var(--ink);stroke-width:1.3;opacity:.75}"
    ".l0,.l1{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.l0{stroke:var(--own)}"
    ".l1{stroke:var(--warm)}.l2{fill:none;stroke:var(--other);stroke-width:2;stroke-dasharray:4 4}"
    ".p0{fill:var(--own)}.p1{fill:var(--warm)}.p2{fill:var(--c0)}.p3{fill:var(--c3)}.p4{fill:var(--other)}"
    ".ring{fill:none;stroke:var(--own);stroke-width:1.5}\n",
    ".k0{fill:var(--c0)}.k1{fill:var(--c1)}.k2{fill:var(--c2)}.k3{fill:var(--c3)}.k4{fill:var(--c4)}"
    ".k5{fill:var(--c5)}.k6{fill:var(--c6)}.k7{fill:var(--c7)}.k8{fill:var(--c8)}.dot{fill-opacity:.72}"
    ".key{display:flex;flex-wrap:wrap;gap:4px 16px;margin:10px 0 0;padding:0;list-style:none;"
    "font-size:.84rem;color:var(--soft)}.key svg{display:inline-block;width:11px;height:11px;"
    "margin-right:6px;vertical-align:-1px}\n"
    ".wide{overflow-x:auto;margin:14px 0 0}table{border-collapse:collapse;width:100%;font-size:.83rem;"
    "font-variant-numeric:tabular-nums}th,td{padding:6px 8px;text-align:right;"
    "border-bottom:1px solid var(--line);white-space:nowrap}th{color:var(--soft);font-weight:500}"
    "th:first-child,td:first-child{text-align:left;padding-left:0}tr.first td{color:var(--own);"
    "font-weight:600}tbody tr:last-child td{border-bottom:0}details{margin:16px 0 0}"
    ".words{text-align:left;white-space:normal;min-width:24em}summary{cursor:pointer;color:var(--soft);font-size:.9rem}"
    "footer{color:var(--soft);font-size:.82rem;margin:28px 2px 0}"
    "@media print{body{background:#fff}section{break-inside:avoid}}\n"
};

void report_text(cli_output *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char *safe = text[i] == '&'   ? "&amp;"
                           : text[i] == '<' ? "&lt;"
                           : text[i] == '>' ? "&gt;"
                           : text[i] == '"' ? "&quot;"
                                            : NULL;
        if (safe != NULL) cli_output_write(out, safe, strlen(safe));
        else cli_output_write(out, text + i, 1);
    }
}

void report_string(cli_output *out, const char *text)
{
    report_text(out, text, strlen(text));
}

void report_begin(cli_output *out, const char *title, const char *date)
{
    static const char head[] = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                               "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>";
    cli_output_write(out, head, sizeof head - 1);
    report_string(out, title);
    cli_output_printf(out, "</title>\n<style>\n");
    for (size_t i = 0; i < sizeof style / sizeof *style; i++)
        cli_output_write(out, style[i], strlen(style[i]));
    cli_output_printf(out, "</style>\n<main>\n<header>\n<h1>");
    report_string(out, title);
    cli_output_printf(out, "</h1>\n");
    if (date != NULL) {
        cli_output_printf(out, "<p>");
        report_string(out, date);
        cli_output_printf(out, "</p>\n");
    }
    cli_output_printf(out, "</header>\n");
}

void report_end(cli_output *out)
{
    cli_output_printf(out, "<footer>Made by <code>vitrine report</code>. This file asks for nothing and "
                           "runs nothing.</footer>\n</main>\n</html>\n");
}

void report_open(cli_output *out, const char *heading, const char *note)
{
    cli_output_printf(out, "<section>\n<h2>");
    report_string(out, heading);
    cli_output_printf(out, "</h2>\n");
    if (note == NULL) return;
    cli_output_printf(out, "<p class=\"note\">");
    report_string(out, note);
    cli_output_printf(out, "</p>\n");
}

void report_close(cli_output *out)
{
    cli_output_printf(out, "</section>\n");
}

void report_tiles(cli_output *out)
{
    cli_output_printf(out, "<div class=\"tiles\">\n");
}

void report_tile(cli_output *out, const char *value, const char *what)
{
    cli_output_printf(out, "<div class=\"tile\"><b>");
    report_string(out, value);
    cli_output_printf(out, "</b><span>");
    report_string(out, what);
    cli_output_printf(out, "</span></div>\n");
}

void report_tiles_end(cli_output *out)
{
    cli_output_printf(out, "</div>\n");
}

double report_number(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(value) ? value->valuedouble : (double)NAN;
}

const char *report_word(const cJSON *object, const char *name)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(value) ? value->valuestring : "";
}

const char *report_thousands(double value, char *out)
{
    char digits[32];
    const int length = snprintf(digits, sizeof digits, "%.0f", fabs(value) < 1e15 ? value : 0.0);
    int to = 0;
    for (int i = 0; i < length && to < 30; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-') out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = 0;
    return out;
}

const char *report_bytes(double value, char *out)
{
    if (value < 1000.0) snprintf(out, 32, "%.0f B", value);
    else if (value < 1e6) snprintf(out, 32, "%.1f KB", value / 1e3);
    else snprintf(out, 32, "%.2f MB", value / 1e6);
    return out;
}
