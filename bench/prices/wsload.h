/* What wsload.c (the sockets) and wsload_ticks.c (what came on them) share. */
#include <stdint.h>
#include <stdio.h>

#include "table.h"

enum state { SHAKING, WATCHING, LIVE, CLOSED };

struct sock {
    int fd;
    enum state state;
    int line;
    int stalled, catching_up;
    uint64_t stale_bytes;
    char *part;
    size_t part_len, part_size;
    uint64_t *newest; /* by the symbol's number */
};

/* One watch-set of the plan. */
struct line {
    char *message;
    int count;
    int symbols[TABLE_SYMBOLS];
};

extern struct sock *socks;
extern struct line *lines;
extern int line_count, sock_count, live, closed, name_count;
extern char kind;
extern int stamp_us;

void die(const char *what);
uint64_t now_us(int clock);

void map_table(const char *file);
void read_plan(const char *file);
void count_frame(size_t length);
void take_ticks(struct sock *s, const char *at, uint64_t now);
void begin(void);
void end(void);
void report(void);
void check(void);
void newest(void);
