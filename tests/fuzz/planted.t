#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Mistakes in sources of the model and of its transport, one each for every kind of eye that the fuzzers have.
set -u
here=$(dirname "$(readlink -f "$0")")
bad=0 count=0

plant() { # WHAT NAME FILE SED
	local said
	said=$("$here/run" "$2" planted "$3" "$4" 2>&1)
	count=$((count + 1))
	if grep -q '^ok 1' <<<"$said"; then
		echo "ok $count - $1: $(sed -n 's/^ok 1 - //p' <<<"$said")"
	else
		bad=1
		echo "not ok $count - $1"
	fi
	sed 's/^/# /' <<<"$said"
}

plant "memory that no command named is written" dptr tools/gmx-emu/model/dptr.c 's/return dptr_add(d, prp2, /return dptr_add(d, prp2 + 64, /'
plant "what must be refused is carried out" dptr tools/gmx-emu/model/dptr.c 's/if (addr & (page - 1))/if (0)/'
plant "memory beyond an array" conf tools/gmx-emu/vfio/pciconf.c 's/if (offset >= PCICONF_SIZE)/if (0)/'
plant "memory is lost" control tools/gmx-emu/model/control.c 's/^	json_object_put(request);$/	(void)request;/'
plant "memory beyond what a log page has" admin tools/gmx-emu/model/log.c 's/EMU_MIN(want, len - offset), want)/EMU_MIN(want, len), want)/'
plant "a command that waits for room is still its handler's" admin tools/gmx-emu/model/queue.c '/^void emu_cmd_complete(/,/^}/s/^	cmd_release(cmd);$//'
plant "a block's data are its neighbour's" io tools/gmx-emu/model/medium.c 's/EMU_AREA_IMG\].map + (lba << d->shift);/EMU_AREA_IMG].map + ((lba \& ~1ull) << d->shift);/'
plant "what differs compares well" io tools/gmx-emu/model/io.c 's/status = GMX_SC_COMPARE_FAILED | GMX_STS_DNR;/status = 0;/'
echo "1..$count"
exit $bad
