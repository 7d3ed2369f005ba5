/* The sockets of the prices benchmark: many WebSocket clients in one thread.
 *
 * Each says hello, watches its line of the plan, answers heartbeats and pings, and looks at every tick that comes: how old it is,
 * whether its sequence rises, and which sequences it covers. What was published stands in a table that the feed maps too, so
 * that "every newest value arrived" is compared with the truth and not with what came.
 *
 * wsload PORT PATH ORIGIN SOCKETS PACE PLAN KIND STAMP TABLE
 *   PACE    handshakes a second        PLAN   a file, symbols of one watch-set a line; socket i takes line i modulo lines
 *   KIND    q or p: what counts        STAMP  us: monotonic microseconds in the quantity; ms: wall clock, the fourth field
 *   TABLE   the feed's table, or -
 * Commands on stdin, one answer a line on stdout, both below in `obey`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "wsload.h"

#define READ_BYTES (1 << 18)

struct sock *socks;
struct line *lines;
int line_count, sock_count, live, closed, name_count;
char kind;
int stamp_us;

static int opened, epoll_fd, port;
static const char *path, *origin;

uint64_t now_us(int clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void die(const char *what)
{
    fprintf(stderr, "wsload: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* --- what is sent */

static void end_socket(struct sock *s)
{
    if (s->state == CLOSED)
        return;
    if (s->state == LIVE)
        live--;
    s->state = CLOSED;
    s->catching_up = 0;
    closed++;
    close(s->fd);
}

static void send_all(struct sock *s, const void *data, size_t length)
{
    const char *at = data;
    while (length) {
        ssize_t sent = send(s->fd, at, length, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EAGAIN)
                continue; /* a few bytes to a server on this machine: the buffer is free again at once */
            end_socket(s);
            return;
        }
        at += sent;
        length -= sent;
    }
}

static void send_frame(struct sock *s, int opcode, const char *data, size_t length)
{
    unsigned char frame[16384]; /* masked with zeros: what is sent is no secret */
    size_t head = 2;
    frame[0] = 0x80 | opcode;
    if (length < 126) {
        frame[1] = 0x80 | length;
    } else {
        frame[1] = 0x80 | 126;
        frame[2] = length >> 8;
        frame[3] = length;
        head = 4;
    }
    memset(frame + head, 0, 4);
    if (length > sizeof frame - head - 4)
        die("a message that is too long");
    memcpy(frame + head + 4, data, length);
    send_all(s, frame, head + 4 + length);
}

static void open_socket(struct sock *s, int number)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = s};
    char request[1024];
    int one = 1;
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    s->line = number % line_count;
    s->newest = calloc(name_count, sizeof *s->newest);
    if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&to, sizeof to))
        die("connect");
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nOrigin: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, port, origin);
    send_all(s, request, strlen(request));
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, s->fd, &event);
}

/* --- what comes */

static void take_text(struct sock *s, char *text, size_t length, uint64_t now)
{
    char end = text[length];
    char *type = strstr(text, "\"t\":");
    text[length] = 0;
    if (!type || type - text > 2)
        goto done;
    type += 4 + strspn(type + 4, " \"");
    if (type[0] == 'h' && type[1] == '"') {
        char answer[64], *number = strstr(type, "\"n\":");
        if (number)
            send_frame(s, 1, answer, snprintf(answer, sizeof answer, "{\"op\":\"ack\",\"n\":%lu}", strtoul(number + 4, NULL, 10)));
    } else if (type[1] == '"' && (type[0] == 'q' || type[0] == kind)) {
        char *data = strstr(type, "\"d\":");
        if (s->state == WATCHING && type[0] == 'q') {
            s->state = LIVE;
            if (++live == sock_count)
                printf("{\"event\":\"ready\"}\n");
        }
        if (type[0] == kind && data) {
            count_frame(length);
            take_ticks(s, data + 4 + strspn(data + 4, " ") + 1, now);
        }
    }
done:
    text[length] = end;
}

/* Returns the bytes that were used; the rest is the beginning of a frame. */
static size_t take_frames(struct sock *s, char *data, size_t length, uint64_t now)
{
    size_t used = 0;
    while (s->state != CLOSED && length - used >= 2) {
        unsigned char *head = (unsigned char *)data + used;
        size_t size = head[1] & 127, start = 2;
        if (size == 126) {
            if (length - used < 4)
                break;
            size = head[2] << 8 | head[3];
            start = 4;
        } else if (size == 127) {
            if (length - used < 10)
                break;
            size = 0;
            for (int i = 2; i < 10; i++)
                size = size << 8 | head[i];
            start = 10;
        }
        if (length - used < start + size)
            break;
        char *payload = data + used + start;
        int opcode = head[0] & 15;
        used += start + size;
        if (opcode == 1)
            take_text(s, payload, size, now);
        else if (opcode == 9)
            send_frame(s, 10, payload, size);
        else if (opcode == 8)
            end_socket(s);
    }
    return used;
}

static size_t take_answer(struct sock *s, char *data, size_t length)
{
    static const char hello[] = "{\"op\":\"hello\",\"v\":1}";
    char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (length < 12 || memcmp(data + 8, " 101", 4)) {
        fprintf(stderr, "wsload: no WebSocket: %.80s\n", data);
        exit(1);
    }
    s->state = WATCHING;
    send_frame(s, 1, hello, sizeof hello - 1);
    if (s->state != CLOSED)
        send_frame(s, 1, lines[s->line].message, strlen(lines[s->line].message));
    return end + 4 - data;
}

static void keep(struct sock *s, const char *data, size_t length)
{
    if (length > s->part_size) {
        s->part_size = length;
        s->part = realloc(s->part, length);
    }
    memmove(s->part, data, length);
    s->part_len = length;
}

static void read_socket(struct sock *s)
{
    static char buffer[2 * READ_BYTES + 1];
    size_t length = s->part_len, used = 0;
    if (s->stalled || s->state == CLOSED)
        return;
    memcpy(buffer, s->part, length);
    ssize_t got = recv(s->fd, buffer + length, READ_BYTES, 0);
    uint64_t now = now_us(stamp_us ? CLOCK_MONOTONIC : CLOCK_REALTIME);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            end_socket(s);
        return;
    }
    if (s->catching_up)
        s->stale_bytes += got;
    length += got;
    if (s->state == SHAKING)
        used = take_answer(s, buffer, length);
    if (s->state != SHAKING)
        used += take_frames(s, buffer + used, length - used, now);
    if (s->state == CLOSED)
        return;
    if (length - used >= READ_BYTES)
        die("a frame that is too long");
    keep(s, buffer + used, length - used);
}

/* --- what the benchmark asks */

static void stall(int count, int stalled)
{
    for (int i = 0; i < count && i < sock_count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &socks[i]};
        if (socks[i].state == CLOSED)
            continue;
        socks[i].stalled = stalled;
        socks[i].catching_up = !stalled;
        socks[i].stale_bytes = 0;
        epoll_ctl(epoll_fd, stalled ? EPOLL_CTL_DEL : EPOLL_CTL_ADD, socks[i].fd, &event);
    }
    printf("{\"event\":\"done\"}\n");
}

static void obey(char *command)
{
    if (!strcmp(command, "begin"))
        begin();
    else if (!strcmp(command, "end"))
        end();
    else if (!strcmp(command, "report"))
        report();
    else if (!strcmp(command, "check"))
        check();
    else if (!strcmp(command, "newest"))
        newest();
    else if (!strncmp(command, "stall ", 6))
        stall(atoi(command + 6), 1);
    else if (!strncmp(command, "resume ", 7))
        stall(atoi(command + 7), 0);
    else
        exit(strcmp(command, "quit") != 0);
}

static void read_commands(void)
{
    static char text[4096];
    static size_t length;
    ssize_t got = read(0, text + length, sizeof text - length - 1);
    char *end;
    if (got <= 0)
        exit(0); /* who started this is gone */
    length += got;
    text[length] = 0;
    while ((end = strchr(text, '\n'))) {
        *end = 0;
        obey(text);
        fflush(stdout);
        length -= end + 1 - text;
        memmove(text, end + 1, length + 1);
    }
}

int main(int argc, char **argv)
{
    struct epoll_event events[512], commands = {.events = EPOLLIN, .data.ptr = NULL};
    if (argc != 10) {
        fprintf(stderr, "wsload PORT PATH ORIGIN SOCKETS PACE PLAN KIND STAMP TABLE\n");
        return 2;
    }
    port = atoi(argv[1]), path = argv[2], origin = argv[3], sock_count = atoi(argv[4]);
    double pace = atof(argv[5]);
    if (strcmp(argv[9], "-"))
        map_table(argv[9]); /* first: a symbol has the number that it has there */
    read_plan(argv[6]);
    kind = argv[7][0], stamp_us = !strcmp(argv[8], "us");
    setvbuf(stdout, NULL, _IOLBF, 1 << 16);
    epoll_fd = epoll_create1(0);
    socks = calloc(sock_count, sizeof *socks);
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, 0, &commands);
    uint64_t start = now_us(CLOCK_MONOTONIC);
    for (;;) {
        while (opened < sock_count && (now_us(CLOCK_MONOTONIC) - start) / 1e6 * pace >= opened) {
            open_socket(&socks[opened], opened);
            opened++;
        }
        int count = epoll_wait(epoll_fd, events, 512, opened < sock_count ? 5 : -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr)
                read_socket(events[i].data.ptr);
            else
                read_commands();
        }
    }
}
