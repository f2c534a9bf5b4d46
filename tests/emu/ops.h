/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of long operations (firmware, sanitize, self-test, telemetry) need beyond vnd.h: time in microseconds,
 * commands that nobody waits for yet, the kinds of reset.
 */
#ifndef TESTS_EMU_OPS_H
#define TESTS_EMU_OPS_H

#include "vnd.h"

static inline void ops_run(uint64_t us)
{
	uint64_t end = vnd_time + us * 1000, next;

	while ((next = emu_subsys_run(vnd)) <= end)
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
	vnd_time = end;
	emu_subsys_run(vnd);
}

static inline void ops_begin(const char *family, const char *config)
{
	vnd_start(family, config);
	vnd_quiet();
}

static inline void ops_end(const char *name)
{
	vnd_stop();
	tap_group(name);
}

static inline void ops_restart(bool cut)
{
	if (cut)
		vnd_power_cut();
	else
		vnd_reopen();
	vnd_quiet();
}

/* Sends; what comes back is asked for later, by the identifier. */
static inline int ops_post(uint8_t opcode, uint32_t nsid, uint32_t cdw10)
{
	int cid = vnd_post(.opcode = opcode, .nsid = nsid, .cdw10 = cdw10);

	emu_subsys_run(vnd);
	return cid;
}

static inline bool ops_done(int cid)
{
	vnd_peek(0, 0);
	for (unsigned int i = 0; i < vnd_fn[0].q[0].nr; i++) {
		if (le16toh(vnd_fn[0].q[0].stash[i].cid) == cid)
			return true;
	}
	return false;
}

/* Waits for up to 10 s; 0xffff: nothing came. */
static inline uint16_t ops_wait(int cid)
{
	struct vnd_queue *q = &vnd_fn[0].q[0];

	for (unsigned int i = 0; i < 10000 && !ops_done(cid); i++)
		ops_run(1000);
	for (unsigned int i = 0; i < q->nr; i++) {
		if (le16toh(q->stash[i].cid) == cid)
			return GMX_STS_CODE(le16toh(vnd_take(q, i).status) >> 1);
	}
	return 0xffff;
}

/* Status without its flags */
static inline uint16_t ops_admin(unsigned int function, uint8_t opcode, uint32_t nsid, uint32_t cdw10, uint32_t cdw11, void *data,
				 size_t len)
{
	uint16_t status = admin(.function = function, .opcode = opcode, .nsid = nsid, .cdw10 = cdw10, .cdw11 = cdw11,
				.data = data, .len = (uint32_t)len);

	return status == 0xffff ? status : GMX_STS_CODE(status);
}

static inline uint16_t ops_log(unsigned int page, uint32_t flags, uint32_t offset, void *buf, size_t len)
{
	uint16_t status = admin(.opcode = GMX_ADM_GET_LOG, .nsid = GMX_NSID_ALL,
				.cdw10 = page | flags | (uint32_t)(len / 4 - 1) << 16, .cdw12 = offset, .data = buf,
				.len = (uint32_t)len);

	return status == 0xffff ? status : GMX_STS_CODE(status);
}

static inline uint16_t ops_io(bool write, uint32_t nsid, uint64_t lba, uint32_t nr, void *buf, size_t len)
{
	uint16_t status = nvm(.opcode = write ? GMX_NVM_WRITE : GMX_NVM_READ, .nsid = nsid, .cdw10 = (uint32_t)lba,
			      .cdw12 = nr - 1, .data = buf, .len = (uint32_t)len);

	return status == 0xffff ? status : GMX_STS_CODE(status);
}

static inline uint16_t ops_flush(uint32_t nsid)
{
	return nvm(.opcode = GMX_NVM_FLUSH, .nsid = nsid);
}

/* CC.EN to 0 and to 1 again, and a moment in which the controller tells what it has to */
static inline void ops_reset(unsigned int function)
{
	vnd_enable(function);
	ops_run(100000);
	vnd_quiet();
}

static inline void ops_hot_reset(unsigned int function)
{
	emu_ctrl_reset(vnd_fn[function].ctrl, EMU_RESET_HOT);
	emu_ctrl_set_bus_master(vnd_fn[function].ctrl, true);
	ops_reset(function);
}

static inline void ops_subsystem_reset(void)
{
	vnd_set_reg(0, GMX_REG_NSSR, GMX_NSSR_MAGIC);
	ops_run(100000);
	for (unsigned int f = 0; f < emu_subsys_nr_ctrls(vnd) && f < 2; f++) {
		emu_ctrl_set_bus_master(vnd_fn[f].ctrl, true);
		vnd_enable(f);
	}
	vnd_quiet();
}

static inline void ops_listen(void)
{
	uint32_t all = GMX_AEC_NS_ATTR | GMX_AEC_FW_ACT | GMX_AEC_TELEMETRY;

	check(!admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_ASYNC_EVENT, .cdw11 = all), "async event configuration");
	vnd_post_events(4);
}

/* The next event of this type, NO_EVENT: none came. Those of other types before it are dropped. */
static inline uint32_t ops_event(unsigned int type)
{
	uint32_t event;

	do {
		event = vnd_event();
	} while (event != NO_EVENT && GMX_AEN_TYPE(event) != type);
	return event;
}

static inline uint32_t ops_aen(unsigned int type, unsigned int info, unsigned int page)
{
	return type | info << 8 | page << 16;
}

#endif
