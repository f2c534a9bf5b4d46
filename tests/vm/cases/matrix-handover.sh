# SPDX-License-Identifier: GPL-2.0-or-later
# what either driver has written to an emulated G2, the other reads and verifies
. "$TESTS_DIR/matrix.sh"
check() { verify --ioengine=io_uring --rw=randwrite --bsrange=512-64k --iodepth=16 --size=$((SIZE / 8)) "$@"; }
cell g2 gmx
check --do_verify=0
cell g2 nvme
check --verify_only
check --do_verify=0 --offset=$((SIZE / 8))
cell g2 gmx
check --verify_only --offset=$((SIZE / 8))
no_complaints
