/* A merchant's server that costs as little as one can: it accepts each notification, and writes down
   of which payment it was and when it came.

       receiver PORT HANGING_PORT FILE CAPACITY

   On PORT every request is answered with 200 at once; on HANGING_PORT none is ever answered. It
   listens on all addresses of this machine's loopback (127.x.y.z), so that each endpoint can have an
   address of its own. FILE is a count of 8 bytes and then, for each request, the id of its payment
   and the microseconds since 1970 when it was there as a whole, 8 bytes each, as this machine
   stores them.                                                                                  */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_BYTES = 8192, EVENTS = 256, BACKLOG = 4096 };

static const char ANSWER[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

struct line {
    int socket, hangs, is_listener;
    size_t filled;
    char bytes[REQUEST_BYTES + 1];
};

struct log {
    volatile int64_t count;
    int64_t pairs[][2];
};

static struct log *kept;
static int64_t capacity;
static int epoll;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void watch(struct line *line) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, line->socket, &event) != 0) fail("epoll_ctl");
}

static void listen_on(int port, int hangs) {
    struct line *line = calloc(1, sizeof *line);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int yes = 1;
    if (line == NULL) fail("calloc");
    *line = (struct line){.hangs = hangs, .is_listener = 1};
    line->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (line->socket < 0) fail("socket");
    setsockopt(line->socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(line->socket, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(line->socket, BACKLOG) != 0) fail("listen");
    watch(line);
}

static void take_lines(const struct line *listener) {
    for (;;) {
        struct sockaddr_in peer;
        socklen_t size = sizeof peer;
        int yes = 1;
        int taken = accept4(listener->socket, (struct sockaddr *)&peer, &size, SOCK_NONBLOCK);
        if (taken < 0) {
            if (errno != EAGAIN && errno != ECONNABORTED) fail("accept4");
            return;
        }
        /* Nobody but this machine. */
        if (ntohl(peer.sin_addr.s_addr) >> 24 != 127) {
            close(taken);
            continue;
        }
        setsockopt(taken, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct line *line = malloc(sizeof *line);
        if (line == NULL) fail("malloc");
        line->socket = taken;
        line->hangs = listener->hangs;
        line->is_listener = 0;
        line->filled = 0;
        watch(line);
    }
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return time.tv_sec * INT64_C(1000000) + time.tv_nsec / 1000;
}

static void write_down(const char *request) {
    const char *id = strstr(request, "&id=");
    if (kept->count >= capacity) {
        fprintf(stderr, "receiver: there is no room for more requests\n");
        exit(1);
    }
    kept->pairs[kept->count][0] = id == NULL ? 0 : strtoll(id + 4, NULL, 10);
    kept->pairs[kept->count][1] = now();
    kept->count += 1;
}

static void end_line(struct line *line) {
    close(line->socket);
    free(line);
}

static void read_line(struct line *line) {
    ssize_t got = read(line->socket, line->bytes + line->filled, REQUEST_BYTES - line->filled);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return end_line(line);
    if (line->hangs) return;
    line->filled += (size_t)got;
    line->bytes[line->filled] = 0;
    /* A notification by GET: its head is all of it. */
    if (strstr(line->bytes, "\r\n\r\n") == NULL) {
        if (line->filled == REQUEST_BYTES) end_line(line);
        return;
    }
    line->filled = 0;
    write_down(line->bytes);
    if (write(line->socket, ANSWER, sizeof ANSWER - 1) != sizeof ANSWER - 1) end_line(line);
}

int main(int count, char **words) {
    struct epoll_event events[EVENTS];
    struct rlimit files;
    if (count != 5) {
        fprintf(stderr, "receiver PORT HANGING_PORT FILE CAPACITY\n");
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    capacity = strtoll(words[4], NULL, 10);
    size_t bytes = sizeof(struct log) + (size_t)capacity * sizeof kept->pairs[0];
    int file = open(words[3], O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || ftruncate(file, (off_t)bytes) != 0) fail(words[3]);
    kept = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (kept == MAP_FAILED) fail("mmap");
    epoll = epoll_create1(0);
    if (epoll < 0) fail("epoll_create1");
    listen_on(atoi(words[1]), 0);
    listen_on(atoi(words[2]), 1);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        if (ready < 0 && errno != EINTR) fail("epoll_wait");
        for (int number = 0; number < ready; number++) {
            struct line *line = events[number].data.ptr;
            if (line->is_listener) take_lines(line);
            else read_line(line);
        }
    }
}
