/* vitrine serve: static files on the loopback address, with the types and the policy that a shop
 * should send. For looking at a demo, not for the street. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"

static const cli_option OPTIONS[] = {
    {"port", 'p', "N", "TCP port on 127.0.0.1: 8080; 0 takes a free one."},
    {"quiet", 'q', NULL, "Do not print the address."},
    {NULL, 0, NULL, NULL}};
static const cli_group GROUPS[] = {{"Options", OPTIONS}, {NULL, NULL}};
static const cli_syntax SYNTAX = {
    .command = "serve",
    .arguments = "DIRECTORY",
    .about = "Serves the files below a directory on http://127.0.0.1:PORT/ until Ctrl-C, with the right\n"
             "types and the recommended content security policy.",
    .groups = GROUPS,
    .min_arguments = 1,
    .max_arguments = 1};

#ifdef VITRINE_HAS_MICROHTTPD
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

static const char POLICY[] =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".mjs", "text/javascript; charset=utf-8"},
                 {".json", "application/json"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".jpg", "image/jpeg"},
                 {".webp", "image/webp"},
                 {".ico", "image/x-icon"},
                 {".txt", "text/plain; charset=utf-8"},
                 {".md", "text/plain; charset=utf-8"},
                 {".tsv", "text/tab-separated-values; charset=utf-8"},
                 {".webmanifest", "application/manifest+json"},
                 {".wasm", "application/wasm"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].end) == 0) return types[i].type;
    return "application/octet-stream"; /* .vitrine among them */
}

/* Send and forget a response, with the headers that every answer has. */
static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int code,
                              struct MHD_Response *response)
{
    if (response == NULL) return MHD_NO;
    MHD_add_response_header(response, "Content-Security-Policy", POLICY);
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "Cache-Control", "no-cache");
    const enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned int code, const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    if (response != NULL) {
        MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
        if (code == MHD_HTTP_METHOD_NOT_ALLOWED) MHD_add_response_header(response, "Allow", "GET, HEAD");
    }
    return answer(connection, code, response);
}

/* The real path of a URL below `root` (a real path itself), or null: dots and links that lead out of
 * it find nothing. free() it. */
static char *find_file(const char *root, const char *url)
{
    const size_t length = strlen(root) + strlen(url) + sizeof "/index.html";
    char *joined = malloc(length);
    struct stat kind;
    if (joined == NULL) return NULL;
    snprintf(joined, length, "%s%s", root, url);
    if (stat(joined, &kind) == 0 && S_ISDIR(kind.st_mode))
        snprintf(joined, length, "%s%s/index.html", root, url);
    char *real = realpath(joined, NULL);
    free(joined);
    const size_t base = strcmp(root, "/") == 0 ? 0 : strlen(root);
    if (real != NULL && (strncmp(real, root, base) != 0 || real[base] != '/')) {
        free(real);
        real = NULL;
    }
    return real;
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    (void)version, (void)upload;
    static int seen; /* only its address is used: the first call of a request brings its headers */
    if (*state == NULL) {
        *state = &seen;
        return MHD_YES;
    }
    if (*upload_size != 0) { /* a body that nobody asked for */
        *upload_size = 0;
        return MHD_YES;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    char *path = url[0] == '/' ? find_file(context, url) : NULL;
    struct stat kind;
    const int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0 || fstat(file, &kind) != 0 || !S_ISREG(kind.st_mode)) {
        if (file >= 0) close(file);
        free(path);
        return answer_text(connection, MHD_HTTP_NOT_FOUND, "not found\n");
    }
    char tag[64];
    snprintf(tag, sizeof tag, "\"%llx-%llx-%lx\"", (unsigned long long)kind.st_size,
             (unsigned long long)kind.st_mtim.tv_sec, (unsigned long)kind.st_mtim.tv_nsec);
    const char *known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
    const bool same = known != NULL && strcmp(known, tag) == 0;
    struct MHD_Response *response;
    if (same) {
        close(file);
        response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    } else {
        response = MHD_create_response_from_fd64((uint64_t)kind.st_size, file);
        if (response == NULL) close(file);
    }
    if (response != NULL) {
        MHD_add_response_header(response, "ETag", tag);
        MHD_add_response_header(response, "Content-Type", type_of(path));
    }
    free(path);
    return answer(connection, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}

static int serve(const char *root, uint16_t port, bool quiet)
{
    struct sockaddr_in place;
    memset(&place, 0, sizeof place);
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* Blocked before the server's threads start, so that only sigwait below sees them. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, port, NULL, NULL, on_request,
        (void *)(uintptr_t)root, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&place,
        MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_END);
    if (daemon == NULL)
        return cli_fail("serve", CLI_IO, "cannot listen on 127.0.0.1:%u: %s: is it in use? try --port", port,
                        strerror(errno));
    const union MHD_DaemonInfo *bound = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (!quiet) {
        printf("http://127.0.0.1:%u/\n", bound != NULL ? bound->port : port);
        fflush(stdout);
    }
    int signal;
    while (sigwait(&ends, &signal) != 0) continue;
    MHD_stop_daemon(daemon);
    return CLI_OK;
}
#else
static int serve(const char *root, uint16_t port, bool quiet)
{
    (void)root, (void)port, (void)quiet;
    return cli_fail("serve", CLI_USAGE, "built without a web server: install libmicrohttpd-dev and build "
                                        "again, or use tools/serve.mjs");
}
#endif

int cmd_serve(int argc, char **argv)
{
    cli_options options;
    const int code = cli_parse(&options, &SYNTAX, argc, argv);
    if (code != CLI_GO_ON) return code;
    uint32_t port = 8080;
    if (!cli_u32(&options, "port", 0, 65535, &port)) return CLI_USAGE;
    struct stat kind;
    char *root = realpath(options.arguments[0], NULL);
    if (root == NULL || stat(root, &kind) != 0 || !S_ISDIR(kind.st_mode)) {
        const int error = root == NULL ? errno : ENOTDIR;
        free(root);
        return cli_fail("serve", CLI_IO, "%s: %s: a directory was expected", options.arguments[0],
                        strerror(error));
    }
    const int result = serve(root, (uint16_t)port, cli_has(&options, "quiet"));
    free(root);
    return result;
}
