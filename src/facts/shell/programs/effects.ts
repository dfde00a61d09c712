import type { ShellVerb } from '../../facts.ts'
import { spread } from './program.ts'

/** A program that changes something, or may: its verbs are known, whatever its options are. */
export interface Effect {
  readonly verbs: readonly ShellVerb[]
  /** `targets`: operands are paths that are written. `words`: no paths that are known as such. */
  readonly takes: 'targets' | 'sources and target' | 'words'
  readonly flags?: readonly string[]
}

const WRITES: Effect = { verbs: ['write'], takes: 'targets' }
const COPIES: Effect = { verbs: ['write'], takes: 'sources and target' }
const DELETES: Effect = { verbs: ['delete'], takes: 'targets' }
const ADMIN: Effect = { verbs: ['admin'], takes: 'words' }
const CODE: Effect = { verbs: ['code'], takes: 'words' }
const SENDS: Effect = { verbs: ['network', 'unknown'], takes: 'words' }
const CONTAINER: Effect = { verbs: ['container', 'unknown'], takes: 'words' }

export const EFFECTS: ReadonlyMap<string, Effect> = spread<Effect>(
  {
    'rmdir unlink shred srm wipe trash trash-put gio': DELETES,
    'touch mkdir mkfifo mknod truncate chmod chown chgrp chattr setfacl setfattr fallocate mktemp tee': WRITES,
    'split csplit dos2unix unix2dos patch sponge uudecode install-info rename mmv vipw nano pico joe': WRITES,
    'cp mv ln install link ditto': COPIES,
    'gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd lz4 lzma zip unzip 7z 7za rar unrar tar cpio ar jar pax compress uncompress':
      WRITES,
    'shutdown reboot halt poweroff init telinit mkswap swapoff fdisk sfdisk cfdisk parted gdisk sgdisk wipefs': ADMIN,
    'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.ntfs mke2fs fsck e2fsck resize2fs tune2fs':
      ADMIN,
    'umount cryptsetup lvremove vgremove pvremove lvcreate lvextend vgcreate pvcreate mdadm dmsetup hdparm debugfs':
      ADMIN,
    'useradd userdel usermod groupadd groupdel groupmod adduser deluser addgroup delgroup passwd chpasswd chage gpasswd chsh chfn':
      ADMIN,
    'visudo modprobe insmod rmmod depmod kexec nft iptables-restore ip6tables-restore ipset tc brctl': ADMIN,
    'kill pkill killall killall5 skill renice xkill': ADMIN,
    'update-alternatives update-rc.d setenforce setsebool semanage restorecon chcon aa-disable apparmor_parser auditctl':
      ADMIN,
    'apt-get aptitude apt-key add-apt-repository dpkg-reconfigure emerge nix-env port': ADMIN,
    'at batch anacron cron incrontab': CODE,
    'make gmake ninja cmake meson bazel gradle gradlew mvn mvnw ant sbt lein rake bundle tox nox invoke just task':
      CODE,
    'vi vim nvim view ex ed emacs emacsclient helix hx kak micro': CODE,
    'gcc g++ cc clang ld as rustc javac tsc gdb lldb dlv ansible ansible-playbook salt puppet chef-client': CODE,
    'telnet ftp sftp tftp lftp aria2c rclone mail mailx sendmail mutt swaks smbclient ldapsearch s3cmd': SENDS,
    'nc ncat netcat socat nmap masscan tcpdump tshark hping3 ngrok cloudflared chisel bore ab wrk hey vegeta siege':
      SENDS,
    'rsync scp sshfs ssh-copy-id croc magic-wormhole wormhole': { verbs: ['network', 'write'], takes: 'words' },
    'ctr crictl buildah skopeo lxc lxc-attach machinectl virsh': CONTAINER,
    'mongo mongosh mongodump mongorestore mongoexport mongoimport': {
      verbs: ['code', 'unknown'],
      takes: 'words',
      flags: ['inline_code:mongosh'],
    },
    'pg_dump pg_dumpall pg_restore pg_basebackup createdb dropdb createuser dropuser vacuumdb reindexdb': {
      verbs: ['write', 'unknown'],
      takes: 'words',
    },
    'mysqldump mysqladmin mysqlimport mysqlcheck mariadb-dump': { verbs: ['write', 'unknown'], takes: 'words' },
  },
  ' ',
)
