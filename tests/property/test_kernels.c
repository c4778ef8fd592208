/* Every variant this machine can run against the scalar definition. The checks: kernel_checks.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "kernel_checks.h"

typedef bool check(const vitrine_kernels *tested, check_place *place);

static void for_every_variant(check *run)
{
    const vitrine_kernels *tested;
    for (size_t i = 0; (tested = vitrine_kernels_list(i)) != NULL; i++) {
        check_place place = {{0}};
        if (!run(tested, &place)) fail_msg("%s: %s", tested->name, place.text);
    }
}

static void gemv_gives_the_scalars_bits_at_every_shape_and_skew(void **state)
{
    (void)state;
    for_every_variant(check_gemv);
}

static void the_int8_scan_is_exact_at_every_shape_and_at_the_extremes(void **state)
{
    (void)state;
    for_every_variant(check_sums);
}

static void logits_have_the_scalars_bits_at_every_shape_and_at_the_extremes(void **state)
{
    (void)state;
    for_every_variant(check_logits);
}

static void the_largest_logit_of_a_panel_is_found_wherever_it_stands(void **state)
{
    (void)state;
    for_every_variant(check_most);
}

static void exact_rows_equal_the_scalar(void **state)
{
    (void)state;
    for_every_variant(check_exact);
}

static void the_scan_of_split_rows_has_the_scalars_bits_and_their_halves_make_the_whole(void **state)
{
    (void)state;
    for_every_variant(check_halves);
}

static void activations_give_the_scalars_bits_at_every_length_and_skew(void **state)
{
    (void)state;
    for_every_variant(check_activations);
}

static void activations_give_the_scalars_bits_all_over_the_floats(void **state)
{
    (void)state;
    for_every_variant(check_activation_sweep);
}

static void vector_loops_give_the_scalars_bits_at_every_length_and_skew(void **state)
{
    (void)state;
    for_every_variant(check_vectors);
}

static void max_finds_the_largest_wherever_it_stands(void **state)
{
    (void)state;
    for_every_variant(check_max);
}

static void small_floats_mean_the_same_in_every_run(void **state)
{
    (void)state;
    for_every_variant(check_floats16);
}

static void bars_cosines_and_bytes_are_as_they_are_defined(void **state)
{
    (void)state;
    for_every_variant(check_loops);
}

static void what_halves_leave_of_a_row_is_measured(void **state)
{
    (void)state;
    for_every_variant(check_left);
}

static void totals_of_a_panel_are_those_of_its_values_and_none_of_them_is_minus_128(void **state)
{
    (void)state;
    for_every_variant(check_totals);
}

static void a_vector_in_seven_bits_is_rounded_to_nearest_and_ties_to_even(void **state)
{
    (void)state;
    for_every_variant(check_query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemv_gives_the_scalars_bits_at_every_shape_and_skew),
        cmocka_unit_test(the_int8_scan_is_exact_at_every_shape_and_at_the_extremes),
        cmocka_unit_test(logits_have_the_scalars_bits_at_every_shape_and_at_the_extremes),
        cmocka_unit_test(the_largest_logit_of_a_panel_is_found_wherever_it_stands),
        cmocka_unit_test(exact_rows_equal_the_scalar),
        cmocka_unit_test(the_scan_of_split_rows_has_the_scalars_bits_and_their_halves_make_the_whole),
        cmocka_unit_test(activations_give_the_scalars_bits_at_every_length_and_skew),
        cmocka_unit_test(activations_give_the_scalars_bits_all_over_the_floats),
        cmocka_unit_test(vector_loops_give_the_scalars_bits_at_every_length_and_skew),
        cmocka_unit_test(max_finds_the_largest_wherever_it_stands),
        cmocka_unit_test(small_floats_mean_the_same_in_every_run),
        cmocka_unit_test(bars_cosines_and_bytes_are_as_they_are_defined),
        cmocka_unit_test(what_halves_leave_of_a_row_is_measured),
        cmocka_unit_test(a_vector_in_seven_bits_is_rounded_to_nearest_and_ties_to_even),
        cmocka_unit_test(totals_of_a_panel_are_those_of_its_values_and_none_of_them_is_minus_128),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
