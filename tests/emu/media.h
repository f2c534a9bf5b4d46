/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A state folder that tests look into, open and close; commands with metadata, and such that nobody waits for. */
#ifndef TESTS_EMU_MEDIA_H
#define TESTS_EMU_MEDIA_H

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "vnd.h"

#undef admin
#undef nvm

#define BED_META_SIZE (32u << 10)
#define BED_START_CID 0x7800u

struct call {
	unsigned int function;
	uint8_t opcode;
	uint32_t nsid, cdw10, cdw11, cdw12, cdw13;
	void *data;
	uint32_t len;
	void *meta;
	uint32_t meta_len;
	uint8_t flags;
};

static struct emu_subsys *bed;
static uint32_t bed_dw0;
static char bed_error[EMU_ERROR_SIZE];
static uint64_t bed_meta;
static bool bed_waiting;
static uint16_t bed_answer;

static inline const char *bed_file(const char *name)
{
	static char paths[4][128];
	static unsigned int next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", vnd_dir, name);
	return path;
}

static inline void bed_memory(void)
{
	vnd_used = 0;
	memset(vnd_fn, 0, sizeof(vnd_fn));
	for (unsigned int f = 0; f < 2; f++) {
		for (unsigned int q = 0; q < 2; q++) {
			vnd_fn[f].q[q].sq = vnd_alloc(VND_ENTRIES * sizeof(struct gmx_sqe));
			vnd_fn[f].q[q].cq = vnd_alloc(VND_ENTRIES * sizeof(struct gmx_cqe));
		}
	}
	vnd_list = vnd_alloc(4096);
	vnd_buffer = vnd_alloc(1 << 20);
	bed_meta = vnd_alloc(BED_META_SIZE);
}

/* A folder with nothing in it */
static inline void bed_empty(void)
{
	struct dirent *e;
	DIR *dir;

	if (!vnd_dir[0]) {
		snprintf(vnd_dir, sizeof(vnd_dir), "/tmp/gmx-media-XXXXXX");
		if (!mkdtemp(vnd_dir))
			abort();
	}
	dir = opendir(vnd_dir);
	while (dir && (e = readdir(dir)))
		unlinkat(dirfd(dir), e->d_name, 0);
	if (dir)
		closedir(dir);
}

static inline bool bed_try(const char *family, const char *config)
{
	snprintf(vnd_family, sizeof(vnd_family), "%s", family);
	vnd_config = config;
	bed = vnd = emu_subsys_open(family, vnd_dir, config, &vnd_subsys_ops, NULL, bed_error);
	if (!bed)
		return false;
	bed_memory();
	for (unsigned int f = 0; f < emu_subsys_nr_ctrls(vnd) && f < 2; f++) {
		vnd_fn[f].ctrl = emu_ctrl_attach(vnd, f, &vnd_ctrl_ops, &vnd_fn[f]);
		emu_ctrl_reset(vnd_fn[f].ctrl, EMU_RESET_POWER);
		emu_ctrl_set_bus_master(vnd_fn[f].ctrl, true);
		vnd_enable(f);
	}
	return true;
}

static inline void bed_open(const char *family, const char *config)
{
	if (!bed_try(family, config)) {
		printf("Bail out! %s\n", bed_error);
		exit(1);
	}
}

static inline void bed_new(const char *family, const char *config)
{
	bed_empty();
	bed_open(family, config);
}

static inline void bed_end(void)
{
	emu_subsys_close(bed);
	bed = vnd = NULL;
}

static inline void bed_cut(void)
{
	emu_subsys_power_cut(bed);
	bed = vnd = NULL;
}

static inline void bed_again(bool orderly)
{
	char family[sizeof(vnd_family)];

	memcpy(family, vnd_family, sizeof(family));
	if (orderly)
		bed_end();
	else
		bed_cut();
	bed_open(family, vnd_config);
}

static inline void bed_clean(void)
{
	bed_empty();
	rmdir(vnd_dir);
}

static inline uint64_t bed_now(void)
{
	return vnd_time;
}

static inline void bed_run(uint64_t ns)
{
	uint64_t end = vnd_time + ns, next;

	while ((next = emu_subsys_run(vnd)) <= end)
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
	vnd_time = end;
	emu_subsys_run(vnd);
}

static inline void bed_send(const struct call *c, unsigned int qid, uint16_t cid)
{
	struct vnd_queue *q = &vnd_fn[c->function].q[qid];
	uint64_t *list = (uint64_t *)(vnd_ram + (vnd_list - VND_RAM));
	struct gmx_sqe sqe = {
		.opcode = c->opcode,
		.flags = c->flags,
		.cid = htole16(cid),
		.nsid = htole32(c->nsid),
		.cdw10 = htole32(c->cdw10),
		.cdw11 = htole32(c->cdw11),
		.cdw12 = htole32(c->cdw12),
		.cdw13 = htole32(c->cdw13),
	};

	if (c->len > 1u << 20 || c->meta_len > BED_META_SIZE)
		abort();
	if (c->data) {
		memcpy(vnd_ram + (vnd_buffer - VND_RAM), c->data, c->len);
		for (uint32_t at = 4096; at < c->len; at += 4096)
			*list++ = htole64(vnd_buffer + at);
		sqe.dptr.prp1 = htole64(vnd_buffer);
		sqe.dptr.prp2 = htole64(c->len > 8192 ? vnd_list : vnd_buffer + 4096);
	}
	if (c->meta) {
		memcpy(vnd_ram + (bed_meta - VND_RAM), c->meta, c->meta_len);
		sqe.mptr = htole64(bed_meta);
	}
	memcpy(vnd_ram + (q->sq - VND_RAM) + q->tail * sizeof(sqe), &sqe, sizeof(sqe));
	q->tail = (q->tail + 1) % VND_ENTRIES;
	vnd_set_reg(c->function, GMX_REG_DBS + 2 * qid * 4, q->tail);
}

/* The answer to this command, if it has come */
static inline bool bed_take(unsigned int f, unsigned int qid, uint16_t cid, uint16_t *status)
{
	struct vnd_queue *q = &vnd_fn[f].q[qid];

	vnd_pull(f, qid);
	for (unsigned int i = 0; i < q->nr; i++) {
		if (le16toh(q->stash[i].cid) == cid) {
			struct gmx_cqe cqe = vnd_take(q, i);

			bed_dw0 = le32toh(cqe.dw0);
			*status = le16toh(cqe.status) >> 1;
			return true;
		}
	}
	return false;
}

/* 0xfff: no answer within an hour of the model's time */
static inline uint16_t bed_command(struct call c, bool is_admin)
{
	unsigned int qid = is_admin ? 0 : 1;
	uint64_t end = vnd_time + 3600ull * 1000000000;
	uint16_t cid = vnd_next_cid(&vnd_fn[c.function].q[qid]), status;

	bed_send(&c, qid, cid);
	for (;;) {
		uint64_t next = emu_subsys_run(vnd);

		if (bed_take(c.function, qid, cid, &status))
			break;
		if (next > end)
			return 0xfff;
		vnd_time = next > vnd_time ? next : vnd_time + 1000;
	}
	if (c.data)
		memcpy(c.data, vnd_ram + (vnd_buffer - VND_RAM), c.len);
	if (c.meta)
		memcpy(c.meta, vnd_ram + (bed_meta - VND_RAM), c.meta_len);
	return status;
}

/* A command of function 0 that is not waited for; true: it is done already. */
static inline bool bed_done(uint16_t *status)
{
	emu_subsys_run(vnd);
	if (bed_waiting && bed_take(0, 0, BED_START_CID, &bed_answer))
		bed_waiting = false;
	*status = bed_answer;
	return !bed_waiting;
}

static inline bool bed_start(struct call c, bool is_admin)
{
	uint16_t status;

	(void)is_admin;
	bed_send(&c, 0, BED_START_CID);
	bed_waiting = true;
	return bed_done(&status);
}

static inline void bed_forget(void)
{
	bed_waiting = false;
}

#define admin(...) bed_command((struct call){ __VA_ARGS__ }, true)
#define nvm(...)   bed_command((struct call){ __VA_ARGS__ }, false)

static inline uint16_t bed_set_cache(bool on)
{
	return admin(.opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_VWC, .cdw11 = on);
}

/* Command specific information of the newest entry in the error log */
static inline uint64_t bed_error_info(void)
{
	struct gmx_log_error entry = { 0 };

	if (admin(.opcode = GMX_ADM_GET_LOG, .nsid = GMX_NSID_ALL, .cdw10 = GMX_LOG_ERROR | (sizeof(entry) / 4 - 1) << 16,
		  .data = &entry, .len = sizeof(entry)))
		return 0;
	return le64toh(entry.info);
}

#endif
