# SPDX-License-Identifier: GPL-2.0-or-later
# buffers that start at any 4-byte offset of a page, in several segments, read and write right
one_disk
"$TESTS/unaligned" "$DISK" $((SIZE / 4))
