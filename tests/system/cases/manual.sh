# SPDX-License-Identifier: GPL-2.0-or-later
# what docs/user/install.md has an administrator look at
dkms status gmx >/run/status
grep -q "$(uname -r), x86_64: installed" /run/status
modprobe gmx
lsinitramfs /boot/initrd.img-$(uname -r) | grep gmx.ko
udevadm info -q property /dev/gmx0n1 >/run/properties
grep -qx ID_BUS=gmx /run/properties
[ -n "$(modinfo -F signer gmx)" ]
cmp <(modinfo -F signer gmx) <(openssl x509 -inform der -in /var/lib/dkms/mok.pub -noout -subject -nameopt multiline | sed -n 's/^ *commonName *= //p')
modinfo gmx
