// http-load: sends HTTP/1.1 requests to a server on 127.0.0.1 from one thread, and prints one line of JSON about the
// answers.
//
// Each connection waits for the answer to its request before it sends the next request. Without --rate, it sends the
// next request at once. With --rate, requests are due at fixed times, and the latency of a request counts from its due
// time. A slow answer therefore adds to the latency of every request that it delays, as it would for real callers.
//
// Every answer is checked. Latencies and the processor time of the server count only between the end of the warm-up and
// the end of the run. After that, the program waits for the answers that are still under way.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MAXIMUM_CONNECTIONS = 4096,
    MAXIMUM_PROCESSES = 64,
    MAXIMUM_ANSWER = 256 * 1024,
    MAXIMUM_TOKEN = 8 * 1024,
    MAXIMUM_SAMPLES = 20 * 1000 * 1000,
    /// How many seconds the program waits for missing answers after the run. An answer that does not come counts as an
    /// error.
    DRAIN_SECONDS = 20,
};

static const char usage[] =
    "usage: http-load --port N --connections N --seconds S [OPTION…] (--requests FILE | --chain FILE)\n"
    "  --warm-up S       seconds before the measurement (default 0.5)\n"
    "  --rate R          requests per second in all (default: as fast as the answers come)\n"
    "  --pid N           measure the processor time of this process (repeatable)\n"
    "  --status N        the status of a good answer (default: any from 200 to 299)\n"
    "  --expect TEXT     text in the body of a good answer\n"
    "  --requests FILE   requests, each behind a line with its length in bytes; sent in turn\n"
    "  --from N          number of the first request that is sent (default 0)\n"
    "  --once            stop behind the last request instead of starting over\n"
    "  --chain FILE      each connection sends a token that the answer before contained. The file has the same form and\n"
    "                    contains: the head without Content-Length, the body before the token, the body behind the token,\n"
    "                    then at least one token for each connection\n"
    "  --key NAME        the member of the JSON answer that contains the next token (default refreshToken)\n"
    "  --tokens FILE     write the last token of each connection to this file, one per line\n"
    "  --keep NAME       with --kept FILE: write this member of each JSON answer to the file, one per line\n";

struct text {
    const char *bytes;
    size_t count;
};

struct connection {
    int socket;
    bool waiting;
    /// The start of the latency, in nanoseconds. Without --rate: when the request was sent. With --rate: when it was
    /// due.
    int64_t since;
    /// With --rate: when the next request is due.
    int64_t due;
    size_t received;
    char *token;
    size_t token_count;
    char *buffer;
};

static struct {
    int port, connections, status;
    double seconds, warm_up, rate;
    const char *expected, *requests, *chain, *key, *tokens, *keep, *kept;
    bool once;
    pid_t processes[MAXIMUM_PROCESSES];
    int process_count;
} options = {.warm_up = 0.5, .key = "refreshToken"};

static struct text *items;
static size_t item_count, next_item;
static struct connection *connections;
static int poller;
static float *samples;
static size_t sample_count, sample_space;
static uint64_t answers, errors;
static char first_error[400];
static int64_t start, end;
static FILE *kept;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "http-load: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    va_end(arguments);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (!memory) fail("no memory");
    return memory;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// The processor time of all processes given with --pid, in nanoseconds. It includes threads that have ended.
static int64_t server_time(void) {
    int64_t sum = 0;
    for (int i = 0; i < options.process_count; i++) {
        clockid_t clock;
        struct timespec time;
        if (clock_getcpuclockid(options.processes[i], &clock) != 0 || clock_gettime(clock, &time) != 0)
            fail("process %d has ended", (int)options.processes[i]);
        sum += (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
    return sum;
}

static int64_t own_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// Reads the file of --requests or --chain into `items`. In the file, a line with an item's length in bytes precedes
/// each item.
static void read_items(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("cannot read %s: %s", path, strerror(errno));
    size_t space = 0;
    long length;
    while (fscanf(file, "%ld", &length) == 1) {
        if (length < 0 || length > 1024 * 1024 || fgetc(file) != '\n') fail("%s: item %zu has no length", path, item_count);
        char *bytes = allocate((size_t)length + 1, 1);
        if (fread(bytes, 1, (size_t)length, file) != (size_t)length) fail("%s: item %zu is cut off", path, item_count);
        if (item_count == space) {
            space = space ? space * 2 : 64;
            items = realloc(items, space * sizeof *items);
            if (!items) fail("no memory");
        }
        items[item_count++] = (struct text){bytes, (size_t)length};
    }
    fclose(file);
}

static void note_error(const char *format, ...) {
    errors++;
    if (first_error[0]) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(first_error, sizeof first_error, format, arguments);
    va_end(arguments);
}

static void open_connection(struct connection *connection) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    connection->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (connection->socket < 0 || connect(connection->socket, (struct sockaddr *)&address, sizeof address) != 0)
        fail("cannot connect to 127.0.0.1:%d: %s", options.port, strerror(errno));
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(connection->socket, F_SETFL, O_NONBLOCK);
    connection->received = 0;
    connection->waiting = false;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, connection->socket, &event) != 0) fail("epoll: %s", strerror(errno));
}

static void reopen(struct connection *connection) {
    close(connection->socket);
    open_connection(connection);
}

/// Sends all bytes. If the socket is full, waits up to 10 s for room. Returns `false` if the connection fails or stays
/// full.
static bool send_all(int socket, const char *bytes, size_t count) {
    while (count) {
        ssize_t sent = send(socket, bytes, count, MSG_NOSIGNAL);
        if (sent > 0) {
            bytes += sent;
            count -= (size_t)sent;
        } else if (sent < 0 && errno == EAGAIN) {
            struct pollfd full = {.fd = socket, .events = POLLOUT};
            if (poll(&full, 1, 10000) != 1) return false;
        } else if (!(sent < 0 && errno == EINTR)) {
            return false;
        }
    }
    return true;
}

/// Sends the next request, if there is one. `since` is the start of its latency, in nanoseconds.
static void send_request(struct connection *connection, int64_t since) {
    const char *bytes;
    size_t count;
    static char chained[MAXIMUM_TOKEN + 8 * 1024];
    if (options.chain) {
        if (!connection->token) return;
        const struct text *head = &items[0], *before = &items[1], *behind = &items[2];
        size_t body = before->count + connection->token_count + behind->count;
        count = (size_t)snprintf(
            chained, sizeof chained, "%sContent-Length: %zu\r\n\r\n%s%s%s", head->bytes, body, before->bytes,
            connection->token, behind->bytes);
        if (count >= sizeof chained) fail("the request is too long");
        bytes = chained;
    } else {
        if (next_item == item_count) {
            if (options.once) return;
            next_item = 0;
        }
        bytes = items[next_item].bytes;
        count = items[next_item++].count;
    }
    connection->since = since;
    connection->waiting = true;
    if (!send_all(connection->socket, bytes, count)) {
        note_error("a request could not be sent: %s", strerror(errno));
        reopen(connection);
    }
}

/// Finds the string value of the member `name` in a JSON answer. Returns `false` if there is no such member, or if its
/// value contains escapes.
static bool find_member(const char *body, const char *name, struct text *result) {
    size_t length = strlen(name);
    for (const char *found = body; (found = strstr(found, name)); found += length) {
        if (found == body || found[-1] != '"' || found[length] != '"') continue;
        const char *value = found + length + 1;
        value += strspn(value, " \t\r\n");
        if (*value++ != ':') continue;
        value += strspn(value, " \t\r\n");
        if (*value++ != '"') continue;
        *result = (struct text){value, strcspn(value, "\"\\")};
        return value[result->count] == '"';
    }
    return false;
}

/// Stores the token from a JSON answer for the next request of `connection`. Returns `false` if the answer has no
/// token.
static bool take_token(struct connection *connection, const char *body) {
    struct text token;
    if (!find_member(body, options.key, &token) || token.count > MAXIMUM_TOKEN) return false;
    memcpy(connection->token, token.bytes, token.count);
    connection->token[token.count] = 0;
    connection->token_count = token.count;
    return true;
}

/// Checks a complete answer. Records the latency of a good answer that came within the measured time.
static void take_answer(struct connection *connection, int status, char *body, size_t count) {
    int64_t time = now();
    bool good = options.status ? status == options.status : status >= 200 && status < 300;
    if (good && options.expected) good = memmem(body, count, options.expected, strlen(options.expected));
    if (options.chain && good) good = take_token(connection, body);
    connection->waiting = false;
    if (!good) {
        note_error("%d %.*s", status, (int)(count < 200 ? count : 200), body);
        // With --chain, the next request needs a token from this answer. A bad answer has no token, so the connection
        // sends no more requests.
        if (options.chain) {
            free(connection->token);
            connection->token = NULL;
        }
        return;
    }
    struct text value;
    if (kept && find_member(body, options.keep, &value)) fprintf(kept, "%.*s\n", (int)value.count, value.bytes);
    if (time < start || time >= end) return;
    answers++;
    if (sample_count == sample_space) {
        if (sample_space == MAXIMUM_SAMPLES) return;
        sample_space = sample_space ? sample_space * 2 : 65536;
        if (sample_space > MAXIMUM_SAMPLES) sample_space = MAXIMUM_SAMPLES;
        samples = realloc(samples, sample_space * sizeof *samples);
        if (!samples) fail("no memory");
    }
    samples[sample_count++] = (float)(time - connection->since) / 1000;
}

/// Reads the bytes that have arrived. Returns `true` if the connection no longer waits for an answer: the answer is
/// complete, or the server closed the connection instead of answering.
static bool receive(struct connection *connection) {
    ssize_t count = recv(
        connection->socket, connection->buffer + connection->received, MAXIMUM_ANSWER - connection->received, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count <= 0) {
        // The server may close an idle connection. Only a missing answer is an error.
        if (connection->waiting) note_error("the server closed the connection without an answer");
        bool answered = connection->waiting;
        if (answered && options.chain) {
            free(connection->token);
            connection->token = NULL;
        }
        reopen(connection);
        return answered;
    }
    connection->received += (size_t)count;
    char *buffer = connection->buffer;
    buffer[connection->received] = 0;
    char *head_end = memmem(buffer, connection->received, "\r\n\r\n", 4);
    if (!head_end) {
        if (connection->received >= MAXIMUM_ANSWER) fail("an answer is too long");
        return false;
    }
    char *body = head_end + 4;
    size_t body_count = connection->received - (size_t)(body - buffer), length = 0;
    int status = 0;
    if (sscanf(buffer, "HTTP/1.%*1d %3d", &status) != 1) fail("not an HTTP answer: %.80s", buffer);
    bool chunked = false, closing = false, measured = status == 204 || status == 304;
    for (char *line = strstr(buffer, "\r\n"); line && line < head_end; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0) {
            length = strtoull(line + 17, NULL, 10);
            measured = true;
        } else if (strncasecmp(line + 2, "transfer-encoding: chunked", 26) == 0) {
            chunked = true;
        } else if (strncasecmp(line + 2, "connection: close", 17) == 0) {
            closing = true;
        }
    }
    if (chunked) {
        if (body_count < 5 || memcmp(body + body_count - 5, "0\r\n\r\n", 5) != 0) return false;
    } else if (!measured) {
        fail("an answer has neither Content-Length nor chunks: %.200s", buffer);
    } else if (length > MAXIMUM_ANSWER - (size_t)(body - buffer)) {
        fail("an answer is too long");
    } else if (body_count < length) {
        return false;
    }
    take_answer(connection, status, body, body_count);
    connection->received = 0;
    if (closing) reopen(connection);
    return true;
}

static int by_size(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

/// A quantile of the latencies in microseconds; 0 if there are none.
static double quantile(double fraction) {
    return sample_count ? samples[(size_t)((double)(sample_count - 1) * fraction)] : 0;
}

static void print_text(const char *text) {
    putchar('"');
    for (const unsigned char *byte = (const unsigned char *)text; *byte; byte++) {
        if (*byte == '"' || *byte == '\\') printf("\\%c", *byte);
        else if (*byte < 32 || *byte > 126) printf("\\u%04x", *byte);
        else putchar(*byte);
    }
    putchar('"');
}

static void read_options(int count, char **arguments) {
    for (int i = 1; i < count; i++) {
        const char *name = arguments[i];
        if (strcmp(name, "--once") == 0) {
            options.once = true;
            continue;
        }
        const char *value = i + 1 < count ? arguments[++i] : NULL;
        if (!value) {
            fputs(usage, stderr);
            exit(64);
        }
        if (strcmp(name, "--port") == 0) options.port = atoi(value);
        else if (strcmp(name, "--connections") == 0) options.connections = atoi(value);
        else if (strcmp(name, "--seconds") == 0) options.seconds = atof(value);
        else if (strcmp(name, "--warm-up") == 0) options.warm_up = atof(value);
        else if (strcmp(name, "--rate") == 0) options.rate = atof(value);
        else if (strcmp(name, "--status") == 0) options.status = atoi(value);
        else if (strcmp(name, "--expect") == 0) options.expected = value;
        else if (strcmp(name, "--requests") == 0) options.requests = value;
        else if (strcmp(name, "--from") == 0) next_item = strtoul(value, NULL, 10);
        else if (strcmp(name, "--chain") == 0) options.chain = value;
        else if (strcmp(name, "--key") == 0) options.key = value;
        else if (strcmp(name, "--tokens") == 0) options.tokens = value;
        else if (strcmp(name, "--keep") == 0) options.keep = value;
        else if (strcmp(name, "--kept") == 0) options.kept = value;
        else if (strcmp(name, "--pid") == 0 && options.process_count < MAXIMUM_PROCESSES)
            options.processes[options.process_count++] = atoi(value);
        else {
            fputs(usage, stderr);
            exit(64);
        }
    }
    if (options.port < 1 || options.port > 65535 || options.connections < 1 || options.connections > MAXIMUM_CONNECTIONS
        || !(options.seconds > 0 && options.seconds <= 3600) || !(options.warm_up >= 0 && options.warm_up <= 600)
        || options.rate < 0 || !options.requests == !options.chain || !options.keep != !options.kept) {
        fputs(usage, stderr);
        exit(64);
    }
}

/// Sends requests on all connections until the end, and waits for the last answers. Stores the processor time that the
/// measured processes (`server`) and this program (`own`) used during the measured time, in nanoseconds.
static void run(int64_t *server, int64_t *own) {
    int64_t begin = now();
    start = begin + (int64_t)(options.warm_up * 1e9);
    end = start + (int64_t)(options.seconds * 1e9);
    double interval = options.rate > 0 ? options.connections / options.rate * 1e9 : 0;
    for (int i = 0; i < options.connections; i++) {
        connections[i].due = begin + (int64_t)(interval * i / options.connections);
        if (options.rate == 0) send_request(&connections[i], now());
    }
    struct epoll_event events[512];
    bool started = false, ended = false;
    int64_t server_start = 0, own_start = 0;
    for (;;) {
        int64_t time = now();
        if (!started && time >= start) {
            started = true;
            server_start = server_time();
            own_start = own_time();
        }
        if (!ended && time >= end) {
            ended = true;
            *server = server_time() - server_start;
            *own = own_time() - own_start;
        }
        // Wait for answers for 100 ms, or less if the measurement starts or ends, or if a request is due, before that.
        int64_t wake = time + INT64_C(100000000);
        if (!ended && (started ? end : start) < wake) wake = started ? end : start;
        if (options.rate > 0 && !ended) {
            for (int i = 0; i < options.connections; i++) {
                struct connection *connection = &connections[i];
                if (connection->waiting) continue;
                if (connection->due <= time) {
                    send_request(connection, connection->due);
                    connection->due += (int64_t)interval;
                } else if (connection->due < wake) {
                    wake = connection->due;
                }
            }
        }
        bool waiting = false;
        if (ended || options.once)
            for (int i = 0; i < options.connections && !waiting; i++) waiting = connections[i].waiting;
        if (ended && !waiting) return;
        // With --once, end the measured time as soon as all requests are answered.
        if (options.once && next_item == item_count && !waiting && started && !ended) {
            end = time;
            continue;
        }
        if (ended && time > end + DRAIN_SECONDS * INT64_C(1000000000)) {
            for (int i = 0; i < options.connections; i++)
                if (connections[i].waiting) note_error("no answer within %d s after the end", DRAIN_SECONDS);
            return;
        }
        int64_t sleep = wake > time ? wake - time : 0;
        struct timespec timeout = {.tv_sec = sleep / 1000000000, .tv_nsec = sleep % 1000000000};
        int count = epoll_pwait2(poller, events, 512, &timeout, NULL);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (receive(connection) && options.rate == 0 && !ended) send_request(connection, now());
        }
    }
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    read_items(options.chain ? options.chain : options.requests);
    if (item_count == 0) fail("there are no requests");
    if (options.chain && item_count < 3 + (size_t)options.connections) fail("there are fewer tokens than connections");
    if (!options.chain) next_item = options.once && next_item >= item_count ? item_count : next_item % item_count;
    connections = allocate((size_t)options.connections, sizeof *connections);
    poller = epoll_create1(0);
    // Ask for exact timeouts. By default, Linux may wake the process up to 50 µs late.
    prctl(PR_SET_TIMERSLACK, 1);
    if (options.kept && !(kept = fopen(options.kept, "wb"))) fail("cannot write %s: %s", options.kept, strerror(errno));
    for (int i = 0; i < options.connections; i++) {
        connections[i].buffer = allocate(MAXIMUM_ANSWER + 1, 1);
        if (options.chain) {
            connections[i].token = allocate(MAXIMUM_TOKEN + 1, 1);
            if (items[3 + i].count > MAXIMUM_TOKEN) fail("a token is too long");
            memcpy(connections[i].token, items[3 + i].bytes, items[3 + i].count);
            connections[i].token_count = items[3 + i].count;
        }
        open_connection(&connections[i]);
    }
    int64_t server = 0, own = 0;
    run(&server, &own);
    if (kept && fclose(kept) != 0) fail("cannot write %s: %s", options.kept, strerror(errno));
    if (options.tokens) {
        FILE *file = fopen(options.tokens, "wb");
        if (!file) fail("cannot write %s: %s", options.tokens, strerror(errno));
        for (int i = 0; i < options.connections; i++) fprintf(file, "%s\n", connections[i].token ? connections[i].token : "");
        if (fclose(file) != 0) fail("cannot write %s: %s", options.tokens, strerror(errno));
    }
    qsort(samples, sample_count, sizeof *samples, by_size);
    double seconds = (double)(end - start) / 1e9;
    printf(
        "{\"seconds\": %.4f, \"answers\": %llu, \"errors\": %llu, \"p50_us\": %.1f, \"p99_us\": %.1f, \"max_us\": %.1f, "
        "\"server_ns\": %lld, \"load_ns\": %lld, \"next\": %zu, \"first_error\": ",
        seconds, (unsigned long long)answers, (unsigned long long)errors, quantile(0.5), quantile(0.99), quantile(1),
        (long long)server, (long long)own, next_item);
    print_text(first_error);
    printf("}\n");
    return 0;
}
