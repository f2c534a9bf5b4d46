#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
# uevents.py FILE: writes the kernel's uevents to FILE, a line each with a blank between two variables, until it is ended.
import os
import socket
import sys

out = open(sys.argv[1], 'w', buffering=1)
s = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 15)  # NETLINK_KOBJECT_UEVENT
s.bind((os.getpid(), 1))
print('listening', file=out)
while True:
    print(s.recv(1 << 16).decode(errors='replace').replace('\0', ' '), file=out)
