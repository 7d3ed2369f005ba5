/* What came on the sockets: how old each tick was, whether its sequence rose, which sequences it covered, and what that comes to. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "wsload.h"

#define FINE_US 10
#define FINE_BUCKETS 5000      /* to 50 ms in steps of 10 us */
#define COARSE_BUCKETS 10000   /* to 10 s in steps of 1 ms */
#define WITHIN_US 100000
#define FRESH_US 50000

static struct table *table;
static char names[TABLE_SYMBOLS][TABLE_NAME];
static int16_t slots[4096];

static int counting; /* 1: in the window; 2: after it, while what was published in it may still be in time */
static uint64_t began_us, ended_us, frames, bytes, ticks, within, regressions, missed, latencies;
static uint64_t base[TABLE_SYMBOLS], limit[TABLE_SYMBOLS];
static uint32_t fine[FINE_BUCKETS], coarse[COARSE_BUCKETS + 1];

/* --- symbols */

static uint32_t hash(const char *text, size_t length)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    return h & 4095;
}

static int symbol_index(const char *text, size_t length, int add)
{
    uint32_t at = hash(text, length);
    for (;; at = (at + 1) & 4095) {
        int found = slots[at] - 1;
        if (found < 0)
            break;
        if (!strncmp(names[found], text, length) && !names[found][length])
            return found;
    }
    if (!add || name_count == TABLE_SYMBOLS || length >= TABLE_NAME)
        return -1;
    memcpy(names[name_count], text, length);
    slots[at] = ++name_count;
    return name_count - 1;
}

void read_plan(const char *file)
{
    char *text = NULL;
    size_t size = 0;
    FILE *in = fopen(file, "r");
    if (!in)
        die(file);
    while (getline(&text, &size, in) > 0) {
        text[strcspn(text, "\n")] = 0;
        lines = realloc(lines, (line_count + 1) * sizeof *lines);
        struct line *line = &lines[line_count++];
        memset(line, 0, sizeof *line);
        size_t room = 2 * strlen(text) + 8 * 512 + 100;
        line->message = malloc(room);
        size_t used = snprintf(line->message, room, "{\"op\":\"watch\",\"symbols\":[");
        for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
            int index = symbol_index(word, strlen(word), 1);
            if (index < 0)
                die("too many symbols");
            used += snprintf(line->message + used, room - used, "%s\"%s\"", line->count ? "," : "", word);
            line->symbols[line->count++] = index;
        }
        snprintf(line->message + used, room - used, "]}");
    }
    free(text);
    fclose(in);
}

void map_table(const char *file)
{
    int fd = open(file, O_RDONLY);
    if (fd < 0)
        die(file);
    table = mmap(NULL, sizeof *table, PROT_READ, MAP_SHARED, fd, 0);
    if (table == MAP_FAILED)
        die("mmap");
    close(fd);
    for (int i = 0; i < TABLE_SYMBOLS && table->names[i][0]; i++)
        symbol_index(table->names[i], strlen(table->names[i]), 1);
}

/* --- ticks */

static void count_latency(uint64_t age_us)
{
    latencies++;
    if (age_us < FINE_US * FINE_BUCKETS)
        fine[age_us / FINE_US]++;
    else
        coarse[age_us / 1000 < COARSE_BUCKETS ? age_us / 1000 : COARSE_BUCKETS]++;
}

static double percentile(double share)
{
    uint64_t wanted = latencies * share, seen = 0;
    for (int i = 0; i < FINE_BUCKETS; i++)
        if ((seen += fine[i]) > wanted)
            return (i + 0.5) * FINE_US / 1000;
    for (int i = 0; i <= COARSE_BUCKETS; i++)
        if ((seen += coarse[i]) > wanted)
            return i + 0.5;
    return -1;
}

/* A tick of a symbol covers every one before it that has not come: from then on the socket is no longer behind them. */
static void cover(int symbol, uint64_t previous, uint64_t sequence, uint64_t now)
{
    uint64_t from = previous > base[symbol] ? previous : base[symbol];
    uint64_t to = sequence < limit[symbol] ? sequence : limit[symbol];
    for (uint64_t k = from + 1; k <= to; k++)
        within += now - table->stamps[symbol][k % TABLE_STAMPS] <= WITHIN_US;
}

static void take_tick(struct sock *s, const char *field[8], uint64_t now)
{
    int symbol = symbol_index(field[0] + 1, strchr(field[0] + 1, '"') - field[0] - 1, 0);
    uint64_t sequence = strtoull(field[2], NULL, 10), previous, age;
    if (symbol < 0)
        return;
    if (stamp_us)
        age = now - strtoull(field[kind == 'q' ? 7 : 5] + 1, NULL, 10);
    else
        age = now - strtoull(field[3], NULL, 10) * 1000;
    if (s->catching_up && age < FRESH_US)
        s->catching_up = 0;
    previous = s->newest[symbol];
    if (sequence <= previous) {
        regressions += counting == 1;
        return;
    }
    s->newest[symbol] = sequence;
    if (counting && table)
        cover(symbol, previous, sequence, now);
    if (counting == 1) {
        ticks++;
        missed += previous ? sequence - previous - 1 : 0;
        count_latency(age);
    }
}

/* Arrays of eight plain values, with or without blanks between them; the text ends with a NUL. */
void take_ticks(struct sock *s, const char *at, uint64_t now)
{
    const char *field[8];
    while (*at && *at != ']') {
        int fields = 0;
        if (*at++ != '[')
            continue;
        while (fields < 8) {
            while (*at == ' ')
                at++;
            field[fields++] = at;
            if (*at == '"')
                for (at++; *at && *at != '"'; at++)
                    ;
            while (*at && *at != ',' && *at != ']')
                at++;
            if (*at != ',')
                break;
            at++;
        }
        if (fields == 8)
            take_tick(s, field, now);
        if (*at == ']')
            at++;
    }
}

void count_frame(size_t length)
{
    frames += counting == 1;
    bytes += counting == 1 ? length : 0;
}

/* --- what the benchmark asks */

void begin(void)
{
    frames = bytes = ticks = within = regressions = missed = latencies = 0;
    memset(fine, 0, sizeof fine);
    memset(coarse, 0, sizeof coarse);
    for (int i = 0; i < name_count; i++) {
        base[i] = table ? table->newest[i] : 0;
        limit[i] = UINT64_MAX;
    }
    began_us = now_us(CLOCK_MONOTONIC);
    counting = 1;
}

/* The window is over; what was published in it and is still on its way counts for being in time or not. */
void end(void)
{
    ended_us = now_us(CLOCK_MONOTONIC);
    for (int i = 0; table && i < name_count; i++)
        limit[i] = table->newest[i];
    counting = 2;
}

void report(void)
{
    uint64_t offered = 0, stale = 0;
    struct rusage own;
    int behind = 0;
    counting = 0;
    for (int i = 0; i < sock_count; i++) {
        if (socks[i].stale_bytes > stale)
            stale = socks[i].stale_bytes;
        behind += socks[i].catching_up;
        for (int j = 0; table && j < lines[socks[i].line].count; j++) {
            int symbol = lines[socks[i].line].symbols[j];
            offered += limit[symbol] - base[symbol];
        }
    }
    getrusage(RUSAGE_SELF, &own);
    printf("{\"event\":\"report\",\"seconds\":%.6f,\"frames\":%lu,\"bytes\":%lu,\"ticks\":%lu,\"offered\":%lu,\"within\":%lu,"
           "\"regressions\":%lu,\"missed\":%lu,\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"live\":%d,\"closed\":%d,"
           "\"stale_bytes\":%lu,\"behind\":%d,\"own_cpu_s\":%.3f}\n",
           (ended_us - began_us) / 1e6, frames, bytes, ticks, offered, within, regressions, missed, percentile(0.5),
           percentile(0.9), percentile(0.99), live, closed, stale, behind,
           own.ru_utime.tv_sec + own.ru_stime.tv_sec + (own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6);
}

void check(void)
{
    int wrong = 0, checked = 0;
    for (int i = 0; table && i < sock_count; i++)
        for (int j = 0; socks[i].state == LIVE && j < lines[socks[i].line].count; j++) {
            int symbol = lines[socks[i].line].symbols[j];
            checked++;
            wrong += socks[i].newest[symbol] != table->newest[symbol];
        }
    printf("{\"event\":\"check\",\"checked\":%d,\"wrong\":%d}\n", checked, wrong);
}

void newest(void)
{
    printf("{\"event\":\"newest\",\"of\":[");
    for (int i = 0; i < sock_count; i++) {
        printf("%s{", i ? "," : "");
        for (int j = 0; j < lines[socks[i].line].count; j++) {
            int symbol = lines[socks[i].line].symbols[j];
            printf("%s\"%s\":%lu", j ? "," : "", names[symbol], socks[i].newest[symbol]);
        }
        printf("}");
    }
    printf("]}\n");
}

