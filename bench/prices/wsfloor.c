/* The floor of the prices benchmark: a WebSocket server that broadcasts frames of the product's shape and does nothing else.
 *
 * One thread with epoll. Sockets that send the same "watch" text share one frame, built once and written to each; a socket whose
 * buffer is full misses it. No TLS, no limits, no layer, no snapshot: what a socket server on this machine cannot go below.
 *
 * wsfloor PORT FRAMES_A_SECOND; "on" and "off" on stdin start and stop the frames.
 */
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
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SOCKETS_MAX 4096
#define LISTS_MAX 1024
#define TEXT_MAX 16384
#define FRAME_MAX 65536

struct list {
    char *text;
    char **symbols;
    int count, members;
    int *fds;
};

struct peer {
    int open, shaken;
    char data[TEXT_MAX + 1];
    size_t length;
};

static struct peer *peers[65536];
static struct list lists[LISTS_MAX];
static int list_count, epoll_fd, timer_fd;
static uint64_t sequence;
static long frames_a_second;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

/* --- the handshake's SHA-1 and base64 (RFC 3174, RFC 4648) */

static uint32_t roll(uint32_t x, int n)
{
    return x << n | x >> (32 - n);
}

static void sha1(const unsigned char *text, size_t length, unsigned char out[20])
{
    uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0}, w[80];
    unsigned char padded[192] = {0};
    size_t total = (length + 8) / 64 * 64 + 64;
    memcpy(padded, text, length); /* a key and the RFC's GUID: 60 bytes */
    padded[length] = 0x80;
    for (int i = 0; i < 8; i++)
        padded[total - 1 - i] = (uint64_t)length * 8 >> 8 * i;
    for (size_t block = 0; block < total; block += 64) {
        for (int i = 0; i < 16; i++)
            w[i] = padded[block + 4 * i] << 24 | padded[block + 4 * i + 1] << 16 | padded[block + 4 * i + 2] << 8 | padded[block + 4 * i + 3];
        for (int i = 16; i < 80; i++)
            w[i] = roll(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
        for (int i = 0; i < 80; i++) {
            uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
            uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
            uint32_t next = roll(a, 5) + f + e + k + w[i];
            e = d, d = c, c = roll(b, 30), b = a, a = next;
        }
        h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
    }
    for (int i = 0; i < 20; i++)
        out[i] = h[i / 4] >> (24 - 8 * (i % 4));
}

static void base64(const unsigned char *data, size_t length, char *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        uint32_t three = data[i] << 16 | (i + 1 < length ? data[i + 1] << 8 : 0) | (i + 2 < length ? data[i + 2] : 0);
        *out++ = letters[three >> 18 & 63];
        *out++ = letters[three >> 12 & 63];
        *out++ = i + 1 < length ? letters[three >> 6 & 63] : '=';
        *out++ = i + 2 < length ? letters[three & 63] : '=';
    }
    *out = 0;
}

static void shake_hands(int fd, struct peer *peer)
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[128], answer[64], response[256];
    unsigned char digest[20];
    char *end = memmem(peer->data, peer->length, "\r\n\r\n", 4), *key;
    if (!end)
        return;
    *end = 0;
    key = strcasestr(peer->data, "\r\nSec-WebSocket-Key:");
    if (!key || sscanf(key + 20, " %60s", text) != 1)
        die("a request without a key");
    strcat(text, guid);
    sha1((unsigned char *)text, strlen(text), digest);
    base64(digest, sizeof digest, answer);
    int length = snprintf(response, sizeof response,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n", answer);
    if (send(fd, response, length, MSG_NOSIGNAL) != length)
        die("send");
    peer->shaken = 1;
    peer->length -= end + 4 - peer->data;
    memmove(peer->data, end + 4, peer->length);
}

/* --- frames */

static size_t build(struct list *list, char *frame)
{
    static char text[FRAME_MAX];
    struct timespec wall, mono;
    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_MONOTONIC, &mono);
    uint64_t at = (uint64_t)wall.tv_sec * 1000 + wall.tv_nsec / 1000000, us = (uint64_t)mono.tv_sec * 1000000 + mono.tv_nsec / 1000;
    size_t used = snprintf(text, sizeof text, "{\"t\":\"q\",\"d\":["), head = 4;
    for (int i = 0; i < list->count; i++)
        used += snprintf(text + used, sizeof text - used, "%s[\"%s\",%lu,%lu,%lu,\"%lu.%02lu\",\"%lu.%02lu\",\"0.25\",\"%lu\"]", i ? "," : "",
                         list->symbols[i], 1700000000000000000 + at, sequence, at, 1000 + sequence % 97, sequence % 100,
                         1001 + sequence % 97, sequence % 100, us);
    used += snprintf(text + used, sizeof text - used, "]}");
    frame[0] = (char)0x81;
    if (used < 126) {
        frame[1] = used;
        head = 2;
    } else {
        frame[1] = 126;
        frame[2] = used >> 8;
        frame[3] = used;
    }
    memcpy(frame + head, text, used);
    return head + used;
}

static void broadcast(void)
{
    static char frame[FRAME_MAX];
    sequence++;
    for (int i = 0; i < list_count; i++) {
        size_t length = build(&lists[i], frame);
        for (int j = 0; j < lists[i].members; j++)
            if (send(lists[i].fds[j], frame, length, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno != EAGAIN)
                lists[i].fds[j--] = lists[i].fds[--lists[i].members];
    }
}

static struct list *list_of(const char *text)
{
    for (int i = 0; i < list_count; i++)
        if (!strcmp(lists[i].text, text))
            return &lists[i];
    if (list_count == LISTS_MAX)
        die("too many lists");
    struct list *list = &lists[list_count++];
    char *copy = strdup(strstr(text, "\"symbols\":[") + 11);
    list->text = strdup(text);
    list->fds = malloc(SOCKETS_MAX * sizeof *list->fds);
    for (char *word = strtok(copy, "\",[]{}"); word; word = strtok(NULL, "\",[]{}")) {
        list->symbols = realloc(list->symbols, (list->count + 1) * sizeof *list->symbols);
        list->symbols[list->count++] = word;
    }
    return list;
}

static void watch(int fd, const char *text)
{
    static const char empty[] = "\x81\x10{\"t\":\"q\",\"d\":[]}";
    if (!strstr(text, "\"watch\""))
        return;
    struct list *list = list_of(text);
    list->fds[list->members++] = fd;
    if (send(fd, empty, sizeof empty - 1, MSG_NOSIGNAL) < 0)
        die("send");
}

static void take(int fd, struct peer *peer)
{
    ssize_t got = recv(fd, peer->data + peer->length, TEXT_MAX - peer->length, 0);
    if (got <= 0) {
        peer->open = 0;
        close(fd);
        return;
    }
    peer->length += got;
    if (!peer->shaken)
        shake_hands(fd, peer);
    while (peer->shaken && peer->length >= 6) {
        unsigned char *data = (unsigned char *)peer->data;
        size_t size = data[1] & 127, head = 6;
        if (size == 126)
            size = data[2] << 8 | data[3], head = 8;
        if (peer->length < head + size)
            return;
        for (size_t i = 0; i < size; i++)
            data[head + i] ^= data[head - 4 + i % 4];
        char kept = peer->data[head + size];
        peer->data[head + size] = 0;
        if ((data[0] & 15) == 1)
            watch(fd, peer->data + head);
        peer->data[head + size] = kept;
        peer->length -= head + size;
        memmove(peer->data, peer->data + head + size, peer->length);
    }
}

static void take_command(void)
{
    char text[64];
    ssize_t got = read(0, text, sizeof text - 1);
    struct itimerspec every = {0};
    if (got <= 0)
        exit(0); /* who started this is gone */
    text[got] = 0;
    if (!strncmp(text, "on", 2)) {
        every.it_interval.tv_nsec = 1000000000 / frames_a_second;
        every.it_value.tv_nsec = 1;
    }
    timerfd_settime(timer_fd, 0, &every, NULL);
}

static void accept_all(int listener)
{
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        if (!peers[fd])
            peers[fd] = malloc(sizeof **peers);
        peers[fd]->open = 1, peers[fd]->shaken = 0, peers[fd]->length = 0;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
    }
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct epoll_event events[256];
    if (argc != 3 || (frames_a_second = atol(argv[2])) < 1) {
        fprintf(stderr, "wsfloor PORT FRAMES_A_SECOND\n");
        return 2;
    }
    at.sin_port = htons(atoi(argv[1]));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 1024))
        die("listen");
    epoll_fd = epoll_create1(0);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    int watched[] = {0, listener, timer_fd};
    for (int i = 0; i < 3; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = watched[i]};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, watched[i], &event))
            die("epoll_ctl");
    }
    for (;;) {
        int count = epoll_wait(epoll_fd, events, 256, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            uint64_t due;
            if (fd == 0)
                take_command();
            else if (fd == listener)
                accept_all(listener);
            else if (fd != timer_fd)
                take(fd, peers[fd]);
            else if (read(timer_fd, &due, sizeof due) > 0)
                broadcast();
        }
    }
}
