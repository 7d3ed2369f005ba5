#!/bin/sh
# Starts one of two PostgreSQL servers, of which one follows the other:
#
#   start.sh DATA PEER first|second PROGRAM...
#
# PEER is how the other one is reached (libpq's words), PROGRAM what starts the server. It starts from its own data; or, where that may
# not be used, from a copy of the other's, as its standby: where there is none (of the second), where it was marked as left behind, and
# where the other one was promoted since. A copy that was cut off counts for nothing, because PG_VERSION comes last. When there is
# nothing to copy it ends, and is started again by whoever runs it. Make run and docker-compose.yml use it.
set -u
data=$1 peer=$2 which=$3
shift 3

other_was_promoted() {
    [ ! -e "$data/standby.signal" ] || return 1
    theirs=$(psql -AtXq -d "$peer" -c "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)" 2>/dev/null) || return 1
    mine=$(ls "$data/pg_wal" | sed -n 's/^\([0-9A-F]\{8\}\)\.history$/\1/p' | sort | tail -n 1)
    [ "$theirs" \> "${mine:-00000001}" ]
}

must_copy() {
    if [ -e "$data/PG_VERSION" ]; then
        [ -e "$data/fenced" ] || other_was_promoted
    else
        [ "$which" = second ]
    fi
}

copy() {
    rm -rf "$data/unfinished"
    pg_basebackup -D "$data/unfinished" -d "$peer" -X stream -c fast -S tredye_standby $1 ${COPY_OPTIONS:-} --no-password &
    child=$!
    wait "$child"
}

if must_copy; then
    child=
    trap 'kill $child 2>/dev/null; exit 1' INT TERM QUIT
    mkdir -p "$data"
    copy --create-slot || copy "" || exit 1
    # Whom the other one waits for is not whom this one will wait for.
    sed -i /synchronous_standby_names/d "$data/unfinished/postgresql.auto.conf"
    touch "$data/unfinished/standby.signal"
    rm -f "$data/PG_VERSION"
    find "$data" -mindepth 1 -maxdepth 1 ! -name unfinished -exec rm -rf {} +
    find "$data/unfinished" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv {} "$data" \;
    mv "$data/unfinished/PG_VERSION" "$data"
    rmdir "$data/unfinished"
    trap - INT TERM QUIT
fi
chmod 700 "$data" 2>/dev/null
exec "$@"
