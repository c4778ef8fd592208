/* The main of fuzz targets in ordinary builds: hands every file of the folders named to the target,
 * whole and cut at every 1/16 of its length. An empty or missing folder is a failure, since a test
 * that reads nothing proves nothing. */
#define _POSIX_C_SOURCE 200809L
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { CUTS = 16 };

/* A block of exactly `size` bytes for each call, so that the sanitizer sees one byte too many. */
static int run(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) return 1;
    if (size) memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = NULL;
    long size = -1;
    int failed = 1;
    if (!file) goto done;
    if (fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) goto done;
    rewind(file);
    bytes = malloc((size_t)size + 1);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) goto done;
    failed = 0;
    for (size_t cut = 0; cut <= CUTS && !failed; cut++)
        failed = run(bytes, (size_t)size * cut / CUTS);
done:
    if (failed) fprintf(stderr, "%s: cannot be read\n", path);
    free(bytes);
    if (file) fclose(file);
    return failed;
}

int main(int argc, char **argv)
{
    size_t files = 0;
    int failed = argc < 2;
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (!folder) {
            fprintf(stderr, "%s: no such folder\n", argv[i]);
            failed = 1;
            continue;
        }
        for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
            char path[4096];
            if (entry->d_name[0] == '.') continue;
            if (snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name) >= (int)sizeof path)
                failed = 1;
            else
                failed |= replay(path);
            files++;
        }
        closedir(folder);
    }
    printf("%zu files replayed\n", files);
    return failed || files == 0;
}
