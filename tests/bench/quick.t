#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The driver's instructions an I/O against what is recorded of this kernel.
exec "$(dirname "$0")/run" -q -k "${KERNEL:-6.12}"
