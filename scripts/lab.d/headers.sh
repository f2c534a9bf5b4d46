# SPDX-License-Identifier: GPL-2.0-or-later
# Headers only, for the mass build: no kernel here is ever booted.

make_headers() { :; }
key_headers() { :; }
headers_list() { :; }
