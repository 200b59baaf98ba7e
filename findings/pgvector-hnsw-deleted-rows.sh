#!/usr/bin/env bash
# Rows that were deleted keep an HNSW index of pgvector from finding others: the nearest 40 of 1,000 go, and the 5 nearest of the rest are
# asked.
# Expected by most: five rows, as without the index: rows that are gone may make it slower, and LIMIT 5 of 960 rows gives five.
# Seen with pgvector 0.8.0 on PostgreSQL 17 (Debian 13): not one, and no warning, until VACUUM. The index proposes hnsw.ef_search rows, 40,
# and looks no further when all of them are gone; hnsw.iterative_scan, which goes on, is off unless it is set.
# Exits with 1 where this has changed. Needs root, for a server that is not to run as root, and apt with a mirror of Debian.
set -euo pipefail
work=$(mktemp -d)
trap 'if [ -s "$work/root/data/postmaster.pid" ]; then kill -INT "$(head -n 1 "$work/root/data/postmaster.pid")"; wait; fi
  rm -rf --one-file-system "$work"' EXIT
root=$work/root
mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,parts,preferences} "$root"/{data,etc,tmp,dev} "$root"/usr/{bin,sbin,lib,lib64}
chmod 755 "$work"
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' | awk 'NR == 1')
: >"$work/apt/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$work/apt/sources"
options=(-qq -o Dir::Etc::sourcelist="$work/apt/sources" -o Dir::Etc::sourceparts="$work/apt/parts" -o Dir::Cache="$work/apt/cache"
  -o Dir::Etc::preferencesparts="$work/apt/preferences" -o Dir::State::lists="$work/apt/lists" -o Dir::State::status="$work/apt/status"
  -o APT::Install-Recommends=false -o APT::Sandbox::User=root)
quiet() { "$@" >"$work/log" 2>&1 </dev/null || { cat "$work/log"; exit 2; }; }
quiet apt-get "${options[@]}" update
quiet apt-get "${options[@]}" install -y --download-only dash postgresql-17 postgresql-17-pgvector=0.8.0-1
for directory in bin sbin lib lib64; do ln -s "usr/$directory" "$root/$directory"; done
for package in "$work"/apt/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -C "$root" -x --keep-directory-symlink --no-same-owner
done
echo 'postgres:x:5432:5432::/:/bin/sh' >"$root/etc/passwd"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/urandom" c 1 9
chmod 1777 "$root/tmp"
chown 5432:5432 "$root/data"
inside() { PATH=/usr/lib/postgresql/17/bin:/usr/bin:/usr/sbin:/bin chroot --userspec=5432:5432 --groups= "$root" "$@"; }
quiet inside /usr/lib/postgresql/17/bin/initdb -D /data -U postgres --auth=trust --locale=C --no-sync
inside /usr/lib/postgresql/17/bin/postgres -D /data -c listen_addresses= -c unix_socket_directories=/tmp \
  -c dynamic_shared_memory_type=mmap -c autovacuum=off -c fsync=off >"$work/log" 2>&1 </dev/null &
for i in $(seq 100); do if [ -S "$root/tmp/.s.PGSQL.5432" ]; then break; fi; sleep 0.1; done
ask() { inside /usr/lib/postgresql/17/bin/psql -X -q -A -t -v ON_ERROR_STOP=1 -h /tmp -U postgres -c "$1"; }
nearest="select count(*) from (select id from item order by v <-> '[0,0]' limit 5) found"
ask "create extension vector; create table item(id int, v vector(2));
  insert into item select i, array[cos(i), sin(i)]::vector * array[sqrt(i), sqrt(i)]::vector from generate_series(1, 1000) i;
  create index on item using hnsw (v vector_l2_ops); delete from item where id <= 40; set enable_seqscan = off" >/dev/null
version=$(ask "select extversion from pg_extension where extname = 'vector'")
rows=$(ask "select count(*) from item")
scanned=$(ask "set enable_indexscan = off; $nearest")
found=$(ask "set enable_seqscan = off; $nearest")
iterated=$(ask "set enable_seqscan = off; set hnsw.iterative_scan = strict_order; $nearest")
ask "vacuum item"
vacuumed=$(ask "set enable_seqscan = off; $nearest")
echo "pgvector $version, 40 of 1,000 rows deleted, $rows left; limit 5:"
echo "by a scan:                            $scanned"
echo "by an HNSW index:                     $found"
echo "by it, with hnsw.iterative_scan set:  $iterated"
echo "by it, after VACUUM:                  $vacuumed"
if [ "$rows $scanned $found $iterated $vacuumed" = "960 5 0 5 5" ]; then echo "as seen before"; else echo CHANGED; exit 1; fi
