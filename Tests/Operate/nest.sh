#!/usr/bin/env bash
# The first process of a machine within the machine: private folders where an installation writes,
# devices and a network of its own, and a systemd that knows a journal and the units that a test
# installs. It runs in new namespaces of every kind, and everything it mounts is gone with them.
#
#     nest.sh PATH-THAT-STAYS…
set -euo pipefail

mount --make-rprivate /
made=/mnt
mount -t tmpfs tmpfs "$made"

# What stays visible under the folders that are made new.
count=0
for path in "$@"; do
    mkdir "$made/$count"
    mount --rbind "$path" "$made/$count"
    count=$((count + 1))
done

cp -a /etc "$made/etc"
mount --bind "$made/etc" /etc
for folder in /opt /run /tmp /usr/local /var/lib /var/log /root; do
    mkdir "$made/new${folder//\//-}"
    mount --bind "$made/new${folder//\//-}" "$folder"
done
chmod 1777 /tmp
mkdir /usr/local/bin

mkdir "$made/dev"
mount -t tmpfs -o mode=755 tmpfs "$made/dev"
mkdir "$made/dev/shm" "$made/dev/pts"
for device in null zero full random urandom tty; do
    touch "$made/dev/$device"
    mount --bind "/dev/$device" "$made/dev/$device"
done
ln -s pts/ptmx "$made/dev/ptmx"
mount --move "$made/dev" /dev

# Of the control groups only the tree in which systemd keeps its processes, from our own group down,
# and no controllers: limits are not what is tested, and the trees of the machine are not ours.
if [[ -d /sys/fs/cgroup/systemd ]]; then
    mount -t tmpfs tmpfs /sys/fs/cgroup
    mkdir /sys/fs/cgroup/systemd
    mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
    head -n 1 /proc/cgroups >"$made/controllers"
    mount --bind "$made/controllers" /proc/cgroups
    export SYSTEMD_PROC_CMDLINE=systemd.legacy_systemd_cgroup_controller=1
else
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi

count=0
for path in "$@"; do
    mkdir -p "$path"
    mount --rbind "$made/$count" "$path"
    count=$((count + 1))
done

units=/etc/systemd/system
rm -rf "$units"
mkdir -p "$units"
for unit in sysinit basic shutdown network-online multi-user umount; do
    printf '[Unit]\nDefaultDependencies=no\n' >"$units/$unit.target"
done
cp /lib/systemd/system/systemd-journald{.service,.socket,-dev-log.socket} "$units"
echo 'Wants=systemd-journald.service' >>"$units/multi-user.target"

# A container's systemd leaves the kernel's settings alone.
export container=nest SYSTEMD_UNIT_PATH=$units
cd /
# What a service's own namespace mounts for it, such as its credentials, has to be seen here.
mount --make-rshared /
exec /lib/systemd/systemd --system --unit=multi-user.target --log-target=journal --show-status=no
