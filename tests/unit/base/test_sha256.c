#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "base/strings.h"

static void check(const char *text, size_t size, const char *want)
{
    uint8_t digest[32];
    char hex[65];
    vitrine_sha256_of(text, size, digest);
    for (int i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(hex, want);
}

/* FIPS 180-4 examples and NIST's long message. */
static void sha256_gives_the_published_digests(void **state)
{
    (void)state;
    check("", 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    static char million[1000000];
    memset(million, 'a', sizeof million);
    check(million, sizeof million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void sha256_of_pieces_is_that_of_the_whole(void **state)
{
    (void)state;
    uint8_t bytes[300], whole[32], pieces[32];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 7);
    for (size_t size = 0; size <= sizeof bytes; size += 13)
        for (size_t cut = 0; cut <= size; cut += 11) {
            vitrine_sha256 sha;
            vitrine_sha256_of(bytes, size, whole);
            vitrine_sha256_init(&sha);
            vitrine_sha256_update(&sha, bytes, cut);
            vitrine_sha256_update(&sha, bytes + cut, size - cut);
            vitrine_sha256_final(&sha, pieces);
            assert_memory_equal(whole, pieces, 32);
        }
}

static void strings_are_found_in_length_then_byte_order(void **state)
{
    (void)state;
    static const uint32_t offset[] = {0, 1, 2, 4, 6, 9};
    const vitrine_strings s = {.offset = offset, .bytes = "29" "10" "9a" "100", .count = 5};
    assert_int_equal(vitrine_strings_find(&s, "2", 1), 0);
    assert_int_equal(vitrine_strings_find(&s, "9", 1), 1);
    assert_int_equal(vitrine_strings_find(&s, "10", 2), 2);
    assert_int_equal(vitrine_strings_find(&s, "9a", 2), 3);
    assert_int_equal(vitrine_strings_find(&s, "100", 3), 4);
    assert_int_equal(vitrine_strings_find(&s, "", 0), VITRINE_NO_STRING);
    assert_int_equal(vitrine_strings_find(&s, "99", 2), VITRINE_NO_STRING);
    assert_int_equal(vitrine_strings_find(&s, "1000", 4), VITRINE_NO_STRING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_digests),
        cmocka_unit_test(sha256_of_pieces_is_that_of_the_whole),
        cmocka_unit_test(strings_are_found_in_length_then_byte_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
