/* What the feed published, mapped by the feed (bench/prices/table.py, which spells the same layout) and by the sockets. */
#define TABLE_SYMBOLS 512
#define TABLE_NAME 16
#define TABLE_STAMPS 2048

struct table {
    char names[TABLE_SYMBOLS][TABLE_NAME];
    uint64_t newest[TABLE_SYMBOLS];                /* the newest sequence of each symbol */
    uint64_t stamps[TABLE_SYMBOLS][TABLE_STAMPS];  /* when it was published, monotonic microseconds, by sequence */
};
