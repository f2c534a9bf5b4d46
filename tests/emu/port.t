#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
lab=$(dirname "$0")/../../scripts/lab
emu=$("$lab" emu) || exit 1
exec "$lab" enter -- python3 -B /repo/tests/emu/port.py "$emu"
