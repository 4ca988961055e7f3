# The walls of a throw-away world, in order. Runs as "root" of a new user namespace that maps one unprivileged user of
# the machine, with mount, pid, network, IPC, UTS and cgroup namespaces of its own; $1 is an empty directory.
set -eu
cd "$1"

# 1. A root in memory: bounded in bytes and in files, without set-user-id programs.
mount -t tmpfs -o size=256m,nr_inodes=40000,mode=755,nosuid tmpfs "$1"
cd "$1"
mkdir -p usr etc proc sys dev/shm dev/pts home tmp run/user/1000 root opt srv mnt media data old
mkdir -p run/lock/lvm dev/mapper var/log var/tmp var/lib var/cache var/spool var/www/html var/mail
chmod 1777 tmp var/tmp dev/shm

# 2. Programs and libraries, read-only.
mount --rbind /usr usr
mount -o remount,bind,ro,nosuid usr
for name in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$name" ]; then
        ln -s "$(readlink "/$name")" "$name"
    elif [ -d "/$name" ]; then
        mkdir "$name"
        mount --bind "/$name" "$name"
        mount -o remount,bind,ro,nosuid "$name"
    fi
done

# 3. Settings: a copy of what everybody may read; users, names and resolver are made up.
cp -a --no-preserve=ownership /etc/. etc/ 2>/dev/null || true
rm -rf etc/passwd etc/group etc/hosts etc/resolv.conf etc/nsswitch.conf etc/hostname etc/shadow* etc/gshadow* etc/ssh/*_key
printf 'root:x:0:0:root:/root:/bin/bash\ndev:x:1000:1000:Dev:/home/dev:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' >etc/passwd
printf 'root:x:0:\ndev:x:1000:\nnogroup:x:65534:\n' >etc/group
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$(cat /proc/sys/kernel/hostname)" >etc/hosts
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >etc/resolv.conf
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >etc/nsswitch.conf
printf 'sandbox\n' >etc/hostname

# 4. A handful of devices that hold nothing, and terminals of its own.
for name in null zero full random urandom tty; do
    : >"dev/$name"
    mount --bind "/dev/$name" "dev/$name"
done
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts 2>/dev/null && ln -s pts/ptmx dev/ptmx

# 5. Processes of its own; the kernel's settings to look at, where the machine lets us mount them.
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys 2>/dev/null || true

# 6. No network but loopback.
ip link set lo up

# 7. The machine's own file system goes out of sight for good.
pivot_root . old
cd /
umount -l /old
rmdir /old
