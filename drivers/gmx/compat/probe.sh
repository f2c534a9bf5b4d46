#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# probe.sh SRCTREE [TABLE]: print -DGMX_HAVE_NAME for each line of the table whose pattern is in the kernel's headers.
# Reads headers only: no configure, no compiler, nothing written.
set -eu
export LC_ALL=C
tree=${1:?usage: probe.sh SRCTREE [TABLE]}
table=${2:-$(dirname "$0")/probes}

if [ ! -r "$tree/include/linux/blkdev.h" ]; then
	echo "probe.sh: $tree has no include/linux/blkdev.h: not a kernel source or headers tree" >&2
	exit 1
fi

exec awk -v root="$tree/include/" '
function header(name,    text, line, file) {
	if (name in cache)
		return cache[name]
	file = root name
	text = ""
	while ((getline line < file) > 0)
		text = text " " line
	close(file)
	# cut comments, squeeze white space
	line = ""
	while (text != "") {
		start = index(text, "/*")
		if (!start) {
			line = line text
			break
		}
		line = line substr(text, 1, start - 1)
		text = substr(text, start + 2)
		end = index(text, "*/")
		text = end ? substr(text, end + 2) : ""
	}
	gsub(/[ \t\\]+/, " ", line)
	return cache[name] = line
}

function trim(s) {
	sub(/^[ \t]+/, "", s)
	sub(/[ \t]+$/, "", s)
	return s
}

/^[ \t]*(#|$)/ { next }

{
	if (split($0, field, "|") < 6 && !bad) {
		printf "%s: line %d: want NAME | header | pattern | since | commit | why\n", FILENAME, FNR | "cat >&2"
		bad = 1
	}
	count = split(trim(field[2]), files, ",")
	text = ""
	for (i = 1; i <= count; i++)
		text = text header(files[i])
	if (text ~ trim(field[3]))
		printf "-DGMX_HAVE_%s ", trim(field[1])
	asked++
}

END {
	if (bad || !asked)
		exit 1
	printf "-DGMX_PROBES=%d\n", asked
}
' "$table"
