#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gmxctl doctor under sanitizers on machines made of files: Secure Boot, lockdown, the module's signature and its key in each state
# that they can be in, with the message's id and the way out.
set -u
here=$(dirname "$(readlink -f "$0")")
repo=$(readlink -f "$here/../..")

if [ -z "${GMX_INSIDE:-}" ]; then
	"$repo/scripts/lab" tools >&2
	ctl=$("$repo/tests/tools/run" gmxctl) || { echo "Bail out! gmxctl does not build"; exit 1; }
	exec "$repo/scripts/lab" enter -- env GMX_CTL="$ctl" /repo/tests/unit/gmxctl-doctor.t
fi
. "$repo/tests/static/tap.sh"
work=$(mktemp -d)
root=$work/root
log=$work/log
trap 'rm -rf "$work"' EXIT
export LIBGMX_ROOT=$root LC_ALL=C TZ=UTC
"$GMX_CTL" generate schema doctor >"$work/schema"

put() { mkdir -p "$root$(dirname "$1")" && printf '%s\n' "$2" >"$root$1"; }
global=8be4df61-93ca-11d2-aa0d-00e098032b8c
shim=605dab50-e046-4300-abb6-3dd810dd8b23
efi() { # NAME GUID FILE: a variable with the file's content
	mkdir -p "$root/sys/firmware/efi/efivars"
	{ printf '\6\0\0\0'; cat "$3"; } >"$root/sys/firmware/efi/efivars/$1-$2"
}
le32() { printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"; }
signature_list() { # CERTIFICATE: a list with it alone
	printf '\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a\x87\xb5\xab\x15\x5c\x2b\xf0\x72'
	le32 $((28 + 16 + $(stat -c %s "$1")))
	le32 0
	le32 $((16 + $(stat -c %s "$1")))
	printf '0123456789abcdef'
	cat "$1"
}
key() { # NAME SUBJECT
	openssl req -new -x509 -newkey rsa:2048 -nodes -keyout "$work/$1.key" -out "$work/$1.pem" -subj "/CN=$2" -days 30 2>>"$work/openssl" &&
		openssl x509 -in "$work/$1.pem" -outform DER -out "$work/$1.der"
}
sign() { # FILE KEY: as the kernel's sign-file does it
	openssl cms -sign -binary -nocerts -noattr -md sha256 -in "$1" -signer "$work/$2.pem" -inkey "$work/$2.key" -outform DER -out "$work/signature" 2>>"$work/openssl"
	n=$(stat -c %s "$work/signature")
	cat "$work/signature" >>"$1"
	{ printf '\0\0\2\0\0\0\0\0'; printf "$(printf '\\%03o\\%03o\\%03o\\%03o' $((n >> 24)) $((n >> 16 & 255)) $((n >> 8 & 255)) $((n & 255)))"; printf '~Module signature appended~\n'; } >>"$1"
}
keys() { # NAME: the kernel's list of keys has this certificate
	id=$(openssl x509 -in "$work/$1.pem" -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' :\n' | tr A-F a-f)
	put /proc/keys "0a3c0f9b I------     1 perm 1f030000     0     0 asymmetri $(openssl x509 -in "$work/$1.pem" -noout -subject | sed 's/.*CN *= *//'): $id: X509.rsa ${id: -8} []"
}
doctor() { # CHECK RESULT ID WORDS: what a check says
	"$GMX_CTL" doctor -o json >"$work/json" 2>"$work/err"
	jq -c ".result[] | select(.check == \"$1\")" "$work/json" >"$log"
	cat "$work/err" >>"$log"
	[ "$(jq -r "[.result[] | select(.check == \"$1\") | .result, .id // \"none\"] | join(\" \")" "$work/json")" = "$2 $3" ] && grep -q -- "$4" "$log" &&
		"$repo/tests/tools/schema" "$work/schema" "$work/json" >>"$log" 2>&1
}

key owner "DKMS module signing key" && key other "Somebody else" && [ -s "$work/owner.der" ]; ok "keys" "$work/openssl"
printf '.section .modinfo,"a"\n.asciz "license=GPL"\n' | as -o "$work/plain.ko" - && cp "$work/plain.ko" "$work/signed.ko" && sign "$work/signed.ko" owner
[ "$(modinfo -F signer "$work/signed.ko")" = "DKMS module signing key" ]; ok "a signed module" "$work/openssl"
xz -k "$work/signed.ko"

doctor module failed GMX-5001 modprobe; ok "the module is not loaded" "$log"
put /proc/sys/kernel/osrelease 6.12.0-test
doctor signature failed GMX-5105 dkms; ok "nor is there one" "$log"
modules=$root/lib/modules/6.12.0-test
mkdir -p "$modules/updates/dkms" "$root/sys/module/gmx"
printf 'kernel/fs/gmx.kooky.ko:\nupdates/dkms/gmx.ko.xz: kernel/lib/crc.ko\n' >"$modules/modules.dep"
doctor signature note GMX-5106 "can't be seen"; ok "its file is gone" "$log"
module() { # FILE SUFFIX
	rm -f "$modules"/updates/dkms/gmx.ko*
	cp "$work/$1" "$modules/updates/dkms/gmx.ko$2"
	echo "updates/dkms/gmx.ko$2:" >"$modules/modules.dep"
}
module plain.ko ''
doctor secure-boot ok none "not started by EFI"; ok "a machine without EFI" "$log"
doctor signature ok none "need not be"; ok "not signed, where that is no matter" "$log"

mkdir -p "$root/sys/firmware/efi/efivars"
doctor secure-boot note GMX-5101 efivarfs; ok "variables of EFI can't be read" "$log"
printf '\0' >"$work/off" && printf '\1' >"$work/on"
efi SecureBoot $global "$work/off"
doctor secure-boot ok none "is off"; ok "Secure Boot is off" "$log"
efi SecureBoot $global "$work/on" && efi MokSBStateRT $shim "$work/on"
doctor secure-boot ok none "counts as off" && doctor signature ok none "need not be"; ok "shim checks nothing" "$log"
efi MokSBStateRT $shim "$work/off"
doctor secure-boot ok none "is on"; ok "Secure Boot is on" "$log"
put /sys/kernel/security/lockdown "none [integrity] confidentiality"
put /sys/module/module/parameters/sig_enforce N
put /sys/module/gmx/taint OE
doctor lockdown ok none "integrity; modules must be signed"; ok "lockdown" "$log"
doctor signature failed GMX-5102 "dkms install"; ok "not signed, and refused" "$log"
put /sys/kernel/security/lockdown "[none] integrity confidentiality"
doctor signature warning GMX-5102 "not signed"; ok "not signed, and taken all the same" "$log"
put /sys/kernel/security/lockdown "none integrity [confidentiality]"

module signed.ko.xz .xz
doctor signature note GMX-5106 "as root"; ok "keys that the caller does not see" "$log"
keys other
doctor signature failed GMX-5103 "mokutil --import the certificate"; ok "a key that is not enrolled" "$log"
mkdir -p "$root/var/lib/dkms" && cp "$work/other.der" "$root/var/lib/dkms/mok.pub"
doctor signature failed GMX-5103 "mokutil --import the certificate"; ok "and not the one of DKMS" "$log"
cp "$work/owner.der" "$root/var/lib/dkms/mok.pub"
doctor signature failed GMX-5103 "mokutil --import /var/lib/dkms/mok.pub"; ok "the one of DKMS" "$log"
rm "$root/proc/keys"
doctor signature note GMX-5106 "as root"; ok "without a list of the owner's keys nobody knows" "$log"
signature_list "$work/other.der" >"$work/list" && efi MokListRT $shim "$work/list"
doctor signature failed GMX-5103 "is not enrolled"; ok "with one, that of DKMS is missing there" "$log"
signature_list "$work/owner.der" >"$work/new" && efi MokNew $shim "$work/new"
doctor signature warning GMX-5104 "Enroll MOK"; ok "a key that waits for the next start" "$log"
rm "$root/sys/firmware/efi/efivars/MokNew-$shim"
cat "$work/list" "$work/new" >"$work/both" && efi MokListRT $shim "$work/both"
doctor signature ok none "owner has enrolled"; ok "a key that the machine's owner has enrolled" "$log"
efi MokListRT $shim "$work/list" && efi MokListRT1 $shim "$work/new"
doctor signature ok none "owner has enrolled"; ok "in the second part of the list" "$log"
rm "$root/sys/firmware/efi/efivars/MokListRT1-$shim"
mkdir -p "$root/sys/firmware/efi/mok-variables" && cp "$work/both" "$root/sys/firmware/efi/mok-variables/MokListRT"
doctor signature ok none "owner has enrolled"; ok "in the list as a whole" "$log"
rm -r "$root/sys/firmware/efi/mok-variables"
keys owner
doctor signature ok none "the kernel has"; ok "a key on a key ring of the kernel" "$log"
rm "$root/proc/keys"
put /sys/module/gmx/taint O
doctor signature ok none "the kernel took it"; ok "the kernel has taken the module" "$log"
put /sys/module/gmx/taint OE
efi SecureBoot $global "$work/off" && put /sys/kernel/security/lockdown "[none] integrity confidentiality"
doctor signature note GMX-5107 "before Secure Boot is switched on"; ok "not enrolled while Secure Boot is off" "$log"
put /sys/module/module/parameters/sig_enforce Y
doctor signature failed GMX-5103 "is not enrolled"; ok "but the kernel wants signatures" "$log"

# the initramfs: what is in the image, and not who should put it there
doctor initramfs note GMX-5016 "there is none of this kernel"; ok "no image in /boot" "$log"
put /boot/initrd.img-6.12.0-other image && put /usr/share/initramfs-tools/modules.d/gmx gmx
doctor initramfs note GMX-5016 "it goes into one made by initramfs-tools"; ok "nor is that of another kernel one" "$log"
put /boot/initrd.img-6.12.0-test image
doctor initramfs note GMX-5016 "neither lsinitramfs nor lsinitrd"; ok "nobody to list the image" "$log"
lists() { # TOOL LINE...: it does, with this in it, for the image that runs alone
	mkdir -p "$root/usr/bin"
	{ printf '#!/bin/sh\n[ "$1" = "%s" ] || exit 1\ncat <<END\n' "$root/boot/${image:-initrd.img-6.12.0-test}"; printf '%s\n' "${@:2}" END; } >"$root/usr/bin/$1"
	chmod 755 "$root/usr/bin/$1"
}
lists lsinitramfs usr/lib/modules/6.12.0-test/kernel/fs/ext4.ko usr/lib/modules/6.12.0-test/updates/dkms/gmx.ko.zst
doctor initramfs ok none "gmx is in $root/boot/initrd.img-6.12.0-test"; ok "gmx is in the image" "$log"
lists lsinitramfs usr/lib/modules/6.12.0-test/kernel/fs/ext4.ko usr/lib/modules/6.12.0-test/kernel/gmx.kooky.ko usr/share/gmx
doctor initramfs warning GMX-5017 "update-initramfs -u" && grep -q "not in" "$log"; ok "it is not, though there is a hook" "$log"
put /proc/self/mountinfo "22 1 259:2 / / rw - ext4 /dev/gmx0n1p2 rw" && mkdir -p "$root/sys/block/gmx0n1/gmx0n1p2" "$root/sys/dev/block" && ln -sfn "$root/sys/block/gmx0n1/gmx0n1p2" "$root/sys/dev/block/259:2"
doctor initramfs failed GMX-5017 "/ is on gmx0n1"; ok "and / needs it" "$log"
rm "$root/proc/self/mountinfo" "$root/usr/share/initramfs-tools/modules.d/gmx"
doctor initramfs note GMX-5005 "nothing puts it there"; ok "neither is there a hook" "$log"
printf '#!/bin/sh\nexit 1\n' >"$root/usr/bin/lsinitramfs"
doctor initramfs note GMX-5016 "neither lsinitramfs"; ok "an image that can't be listed" "$log"
lists lsinitrd "Image: 30M" "drwxr-xr-x   2 root     root            0 Jan  1  2026 usr/lib" "-rw-r--r--   1 root     root        90000 Jan  1  2026 usr/lib/modules/6.12.0-test/extra/gmx.ko.xz"
doctor initramfs ok none "gmx is in"; ok "lsinitrd where lsinitramfs does not" "$log"
mv "$root/boot/initrd.img-6.12.0-test" "$root/boot/initramfs-6.12.0-test.img" && image=initramfs-6.12.0-test.img && put /usr/lib/dracut/dracut.conf.d/50-gmx.conf gmx && lists lsinitrd "-rw-r--r-- 1 root root 1 Jan  1  2026 init"
doctor initramfs warning GMX-5017 "dracut --force"; ok "as dracut names it" "$log"
if [ "$(id -u)" != 0 ]; then
	chmod 0 "$root/boot/$image"
	doctor initramfs note GMX-5016 "as root"; ok "an image for root alone" "$log"
fi

# what is no list: each beginning of one, and each of its first bytes changed
for ((i = 0; i < 30; i++)); do
	head -c $((i * 40)) "$work/both" >"$work/bad" && efi MokListRT $shim "$work/bad"
	"$GMX_CTL" doctor >/dev/null 2>"$work/err"
	grep -q ERROR "$work/err" && cat "$work/err"
	{ head -c "$i" "$work/both"; printf '\377'; tail -c +$((i + 2)) "$work/both"; } >"$work/bad" && efi MokListRT $shim "$work/bad"
	"$GMX_CTL" doctor >/dev/null 2>"$work/err"
	grep -q ERROR "$work/err" && cat "$work/err"
done >"$log"
empty "$log"; ok "lists that contradict themselves do no harm" "$log"
finish
