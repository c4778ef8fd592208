/* The report's section on quantisation: what bytes cost. */
#include <math.h>
#include <stdio.h>
#include "cli/report_chart.h"
#include "cli/report_page.h"

void report_quantize(cli_output *out, const cJSON *result)
{
    char a[32];
    const double f32 = report_number(result, "bytes_f32"), int8 = report_number(result, "bytes_int8");
    chart_point points[] = { { .name = "int8, as on the device", .x = int8, .y = report_number(result, "ndcg10_int8") },
                             { .name = "f32", .x = f32, .y = report_number(result, "ndcg10_f32") } };
    report_bytes(int8, points[0].text);
    report_bytes(f32, points[1].text);
    report_open(out, "Size against quality", "The same model with item vectors of four bytes a number and of one. "
                                             "The drop is what the visitor's device loses.");
    report_tiles(out);
    report_tile(out, report_bytes(int8, a), "int8 model");
    snprintf(a, sizeof a, "%.1f %%", 100.0 * int8 / f32);
    report_tile(out, a, "of the f32 model's size");
    snprintf(a, sizeof a, "%+.4f", -report_number(result, "ndcg10_drop"));
    report_tile(out, a, "NDCG@10");
    snprintf(a, sizeof a, "%.1f %%", 100.0 * report_number(result, "overlap10"));
    report_tile(out, a, "of the first ten are the same");
    report_tiles_end(out);
    chart_grid(out);
    chart_points(out, "NDCG@10", "bytes of the file", points, 2);
    chart_grid_end(out);
    report_close(out);
}
