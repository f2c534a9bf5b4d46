#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An I/O takes the same instructions however many queues, namespaces, controllers and I/Os in flight there are.
exec "$(dirname "$0")/run" -p scale -r 2 -k "${KERNEL:-6.12}"
