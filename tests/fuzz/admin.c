// SPDX-License-Identifier: GPL-2.0-or-later
/* Admin commands, registers, doorbells, resets and time, on a controller of each family. */
#include <gmx/mi.h>

#include "cmds.h"

static const struct {
	const char *family, *config;
} admin_beds[] = {
	{ "g3",
	  "{\"time_warp\":true,\"capacity\":\"4M\",\"namespaces\":[{\"size\":\"64K\"},{\"size\":\"128K\",\"block\":4096,\"metadata\":8}]}" },
	{ "g2",
	  "{\"time_warp\":true,\"capacity\":\"4M\",\"latency\":\"ssd\",\"namespaces\":[{\"size\":\"64K\",\"block\":512,\"metadata\":8}]}" },
	{ "g1",
	  "{\"time_warp\":true,\"capacity\":\"4M\",\"namespaces\":[{\"size\":\"64K\"},{\"size\":\"64K\",\"rotational\":true}]}" },
	{ "g3", "{\"time_warp\":true,\"capacity\":\"1M\",\"functions\":2,\"write_cache\":false,\"namespaces\":[]}" },
};

static const uint8_t admin_features[] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d,
	0x0e, 0x0f, 0x10, 0x11, 0x12, 0x16, 0x17, 0x84, 0xc0, 0xc1, 0xc2, 0x80, 0x00,
};
static const uint8_t admin_logs[] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0d, 0x81, 0xc0,
	0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0x00,
};

static unsigned int bed, cuts;
static unsigned int admin_mps;
static bool admin_weighted;

static uint32_t pick_nsid(struct input *in)
{
	uint8_t n = in8(in);

	return n < 0x40 ? n % 4 + 1 : n < 0x80 ? GMX_NSID_ALL : n < 0xc0 ? 0 : n < 0xf0 ? n & 63 : in32(in);
}

/* A controller list, and what namespace management wants, from a few bytes */
static void fill(struct input *in, const struct gmx_sqe *sqe, uint64_t addr)
{
	uint8_t page[4096] = { 0 };
	struct gmx_id_ns *id = (void *)page;
	__le16 *list = (void *)page;
	unsigned int nr;

	switch (sqe->opcode) {
	case GMX_ADM_NS_MGMT:
		id->nsze = htole64(in8(in));
		id->ncap = htole64(in8(in) & 1 ? le64toh(id->nsze) : in16(in));
		id->flbas = in8(in) & 0x1f;
		id->nmic = in8(in) & 1;
		break;
	case GMX_ADM_NS_ATTACH:
		nr = in8(in) % 12;
		list[0] = htole16((uint16_t)nr);
		for (unsigned int i = 1; i <= nr; i++)
			list[i] = htole16(in8(in));
		break;
	case GMX_ADM_SET_FEATURES:
		for (unsigned int i = 0; i < 32; i++)
			page[i * (in8(in) & 15)] = in8(in);
		break;
	default: in_bytes(in, page, 64); break;
	}
	host_put(addr, page, sizeof(page));
}

static void host_memory(struct input *in, struct gmx_sqe *sqe)
{
	unsigned int nr = 1 + in8(in) % 4;
	uint32_t total = 0;
	uint64_t list = HOST_LISTS + 0x8000;

	for (unsigned int i = 0; i < nr; i++) {
		uint32_t pages = in8(in) * (in8(in) & 1 ? 4u : 1u);
		struct gmx_hmb_desc d = { .addr = htole64(HOST_FAR + in8(in) * 0x2000ull), .pages = htole32(pages) };

		host_put(list + i * sizeof(d), &d, sizeof(d));
		total += pages;
	}
	sqe->cdw11 = htole32(in8(in) & 3);
	sqe->cdw12 = htole32(in8(in) & 7 ? total : in16(in));
	sqe->cdw13 = htole32((uint32_t)list);
	sqe->cdw14 = 0;
	sqe->cdw15 = htole32(nr);
}

static void queue_cmd(struct input *in, struct gmx_sqe *sqe)
{
	uint32_t qid = in8(in), size = in8(in), cqid = in8(in);
	bool cq = sqe->opcode == GMX_ADM_CREATE_CQ;

	qid = qid < 0xe0 ? qid % HOST_QUEUES : qid < 0xf8 ? qid - 0xe0 + HOST_QUEUES : in16(in);
	size = size < 0xf0 ? size & 63 : in16(in) & 1023;
	sqe->cdw10 = htole32(size << 16 | (qid & 0xffff));
	sqe->cdw11 = htole32((cqid < 0xe0 ? cqid % HOST_QUEUES : cqid) << 16 | (in8(in) & 15 ? 1 : 0) | (in8(in) & 3) << 1);
	sqe->dptr.prp1 = htole64(HOST_FAR + (qid & 0x7f) * 4096 * 4);
	if (qid < HOST_QUEUES)
		sqe->dptr.prp1 = htole64(cq ? host_cq(qid) : host_sq(qid));
	/* nobody looks at a ring before it is made anew */
	if (cq && qid && qid < HOST_QUEUES && !host.q[qid].cq_size)
		memset(host_at(host_cq(qid), HOST_SLOT), 0, HOST_SLOT);
}

static void shape(struct input *in, struct gmx_sqe *sqe)
{
	uint8_t at = in8(in);

	switch (sqe->opcode) {
	case GMX_ADM_CREATE_CQ:
	case GMX_ADM_CREATE_SQ:
	case GMX_ADM_DELETE_CQ:
	case GMX_ADM_DELETE_SQ: queue_cmd(in, sqe); break;
	case GMX_ADM_GET_LOG:
		sqe->cdw10 = htole32(admin_logs[at % sizeof(admin_logs)] | (uint32_t)in8(in) << 8 |
				     (uint32_t)in16(in) % 1200 << 16);
		sqe->cdw12 = htole32(in8(in) & 1 ? in16(in) : in8(in) * 4u);
		break;
	case GMX_ADM_IDENTIFY: sqe->cdw10 = htole32(at % 0x1a | (uint32_t)in8(in) << 16); break;
	case GMX_ADM_SET_FEATURES:
	case GMX_ADM_GET_FEATURES:
		sqe->cdw10 = htole32(admin_features[at % sizeof(admin_features)] |
				     (sqe->opcode == GMX_ADM_SET_FEATURES ? (uint32_t)in8(in) << 31 : (in8(in) & 7u) << 8));
		sqe->cdw11 = htole32(in8(in) & 1 ? in32(in) : in8(in));
		sqe->cdw12 = htole32(in8(in) & 1);
		if (sqe->opcode == GMX_ADM_SET_FEATURES && (le32toh(sqe->cdw10) & 0xff) == GMX_FEAT_HMB)
			host_memory(in, sqe);
		break;
	case GMX_ADM_DBBUF:
		sqe->dptr.prp1 = htole64(HOST_SHADOW + (at & 0x10 ? 8 : 0));
		sqe->dptr.prp2 = htole64(at & 0x20 ? 0 : HOST_SHADOW + 4096);
		break;
	case GMX_ADM_ABORT: sqe->cdw10 = htole32(at % HOST_QUEUES | (uint32_t)(host.cid - in8(in) % 8) << 16); break;
	case GMX_ADM_MI_SEND:
	case GMX_ADM_MI_RECV:
		sqe->cdw10 = htole32(at & 15 ? GMX_MI_HEADER : in32(in));
		sqe->cdw11 = htole32(in8(in) % 9);
		/* a message is of no namespace; its two dwords are mostly an offset and a length, or a structure's number and flags */
		if (at & 0xf0)
			sqe->nsid = 0;
		sqe->cdw12 = htole32(in8(in) | (at & 0x40 ? (uint32_t)in8(in) << 16 | (uint32_t)in8(in) % 6 << 24 : 0));
		sqe->cdw13 = htole32(at & 0x80 ? in8(in) : in32(in));
		break;
	case GMX_ADM_SELF_TEST: sqe->cdw10 = htole32(at & 15); break;
	case GMX_ADM_NS_MGMT:
	case GMX_ADM_NS_ATTACH: sqe->cdw10 = htole32(at & 1 || at > 0xf0 ? at & 15 : 0); break;
	case GMX_ADM_FORMAT: sqe->cdw10 = htole32(at % 6 | (in8(in) & 0x1f) << 4 | (in8(in) & 7) << 9); break;
	case GMX_ADM_SANITIZE:
		sqe->cdw10 = htole32(at & 0x3ff);
		sqe->cdw11 = htole32(in32(in));
		break;
	case GMX_ADM_SECURITY_RECV:
		sqe->cdw10 = htole32(at & 7 ? (uint32_t)(at & 8) << 5 : in32(in));
		sqe->cdw11 = htole32(in16(in));
		break;
	case GMX_ADM_FW_COMMIT: sqe->cdw10 = htole32(at); break;
	case GMX_ADM_VIRT_MGMT:
		sqe->cdw10 = htole32((at & 15) | (in8(in) & 7) << 8 | (uint32_t)in8(in) % 12 << 16);
		sqe->cdw11 = htole32(in8(in));
		break;
	default:
		sqe->cdw10 = htole32(at);
		sqe->cdw11 = htole32(in8(in));
		break;
	}
}

static struct gmx_sqe build(struct input *in)
{
	uint8_t op = in8(in), form = in8(in);
	struct gmx_sqe sqe = { .opcode = op < 0xf0 ? cmds_admin[op % sizeof(cmds_admin)] : in8(in),
			       .nsid = htole32(pick_nsid(in)) };
	uint64_t data = HOST_DATA + (form & 1 ? 0 : (in8(in) & 0xffull) * 4), len;
	bool writes;

	shape(in, &sqe);
	/* now and then what no driver would send */
	if (form & 0x10) {
		__le32 *dw = &sqe.cdw10 + in8(in) % 6;

		*dw = htole32(in32(in));
	}
	if (form & 0x20)
		sqe.flags = in8(in);
	sqe.cid = htole16(form & 0x40 ? (uint16_t)(host.cid - in8(in) % 4) : host_next_cid());
	if (sqe.opcode <= GMX_ADM_CREATE_CQ && sqe.opcode != GMX_ADM_GET_LOG)
		return sqe;
	if (sqe.opcode == GMX_ADM_DBBUF)
		return sqe;
	len = cmds_admin_len(&sqe);
	writes = len;
	if (!writes) {
		fill(in, &sqe, data & ~4095ull);
		data &= ~4095ull;
		len = 4096;
	}
	cmds_prps(&sqe, data, len < HOST_DATA_SIZE - 4096 ? len : 4096, HOST_LISTS);
	/* anywhere and beyond, but not over rings and doorbells: a host that does that gets what it asked for */
	if (form & 0x80) {
		sqe.dptr.prp1 = htole64(HOST_FAR + in32(in) % (VND_RAM_SIZE - 0x1f0000));
		sqe.dptr.prp2 = htole64(HOST_FAR + in32(in) % (VND_RAM_SIZE - 0x1f0000));
	}
	return sqe;
}

/* A command of the I/O set, so that there is something to abort, delete and count */
static void io(struct input *in)
{
	unsigned int qid = 1 + in8(in) % (HOST_QUEUES - 1);
	struct gmx_sqe sqe = { .opcode = cmds_io[in8(in) % sizeof(cmds_io)],
			       .nsid = htole32(in8(in) % 3 + 1),
			       .cid = htole16(host_next_cid()) };

	sqe.cdw10 = htole32(in8(in));
	sqe.cdw12 = htole32(in8(in) & 7);
	sqe.mptr = htole64(HOST_META);
	cmds_prps(&sqe, HOST_DATA, 65536, HOST_LISTS);
	if (host_queue(qid, &sqe))
		host_ring(qid);
}

/* The image that the family runs, with a change perhaps, in pieces, then committed */
static void firmware(struct input *in)
{
	static uint8_t image[HOST_DATA_SIZE];
	uint8_t how = in8(in), at = in8(in);
	struct gmx_sqe commit = { .opcode = GMX_ADM_FW_COMMIT, .cdw10 = htole32(in8(in) & 0x3f) };
	size_t len;
	uint8_t *factory = emu_image_factory(vnd->traits, &len);

	must(factory && len <= sizeof(image) / 2, "no image");
	memcpy(image, factory, len);
	free(factory);
	if (how & 1)
		image[at] ^= in8(in);
	for (size_t off = 0; off < len; off += 32768) {
		size_t part = len - off < 32768 ? len - off : 32768;
		struct gmx_sqe sqe = { .opcode = GMX_ADM_FW_DOWNLOAD };

		if (how & 2 && off)
			break;
		host_put(HOST_DATA, image + off, part);
		sqe.cdw10 = htole32((uint32_t)(part / 4 - 1));
		sqe.cdw11 = htole32((uint32_t)(off / 4) ^ (how & 4 ? 1u : 0));
		cmds_prps(&sqe, HOST_DATA, part, HOST_LISTS);
		host_wait(0, sqe);
	}
	host_wait(0, commit);
}

/* What takes several fields that fit each other, and then time: a host memory buffer, a sanitize */
static void longer(struct input *in)
{
	uint8_t how = in8(in);
	struct gmx_sqe sqe = { .opcode = how & 1 ? GMX_ADM_SANITIZE : GMX_ADM_SET_FEATURES };
	unsigned int nr = 1 + (how >> 2 & 3);

	if (how & 1) {
		sqe.cdw10 = htole32((1 + (how >> 1 & 3)) | (in8(in) & 0x7f) << 3);
		sqe.cdw11 = htole32(in32(in));
	} else {
		for (unsigned int i = 0; i < nr; i++) {
			struct gmx_hmb_desc d = { .addr = htole64(HOST_FAR + i * 0x80000ull),
						  .pages = htole32((uint32_t)(0x80000 / host_page())) };

			host_put(HOST_LISTS + 0x8000 + i * sizeof(d), &d, sizeof(d));
		}
		sqe.cdw10 = htole32(GMX_FEAT_HMB);
		sqe.cdw11 = htole32(how & 2 ? 0 : GMX_HMB_ENABLE | (how & 0x10 ? GMX_HMB_RETURN : 0));
		sqe.cdw12 = htole32((uint32_t)(nr * (0x80000 / host_page())));
		sqe.cdw13 = htole32((uint32_t)HOST_LISTS + 0x8000);
		sqe.cdw15 = htole32(nr);
	}
	host_wait(0, sqe);
	host_advance(1000000ull << (how >> 5));
	if (how & 0x80)
		host_put(HOST_FAR + in16(in) * 16ull, &sqe, sizeof(sqe));
}

/*
 * Something that takes time or waits for an event, and then so many answers that there is no room for its own: the host
 * looks at none of them before it is over.
 */
static void crowd(struct input *in)
{
	static const uint8_t opcodes[] = { GMX_ADM_FORMAT, GMX_ADM_ASYNC_EVENT, GMX_ADM_FW_COMMIT, GMX_ADM_SANITIZE };
	uint8_t how = in8(in);
	struct gmx_sqe sqe = { .opcode = opcodes[how & 3], .cid = htole16(host_next_cid()) };
	struct gmx_sqe abort = { .opcode = GMX_ADM_ABORT, .cdw10 = htole32((uint32_t)le16toh(sqe.cid) << 16) };

	if (sqe.opcode == GMX_ADM_FORMAT)
		sqe.nsid = htole32(in8(in) & 1 ? 1 : GMX_NSID_ALL);
	if (sqe.opcode == GMX_ADM_FW_COMMIT)
		sqe.cdw10 = htole32(GMX_FW_ACTIVATE << 3 | 1);
	if (sqe.opcode == GMX_ADM_SANITIZE)
		sqe.cdw10 = htole32(GMX_SANITIZE_BLOCK_ERASE);
	host_queue(0, &sqe);
	for (unsigned int nr = 12 + (how >> 5); nr; nr--) {
		struct gmx_sqe more = { .opcode = GMX_ADM_KEEP_ALIVE, .cid = htole16(host_next_cid()) };

		host_queue(0, &more);
	}
	host_ring(0);
	for (unsigned int i = 0; i < 40; i++) {
		if (i == 10 && how & 4) {
			abort.cid = htole16(host_next_cid());
			host_queue(0, &abort);
			host_ring(0);
		}
		/* two events of different types, for one request */
		if (i == 20 && how & 8)
			host_set_reg(GMX_REG_DBS + 2 * 100 * 4, 1);
		if (i == 30 && how & 16)
			emu_health_set_temperature(vnd, i % 2 ? 300 : 380);
		emu_subsys_run(vnd);
		vnd_time += 500000;
	}
}

static void again(void)
{
	if (host_enable(admin_mps, admin_weighted))
		host_create_queues(1, 16, 16, 1);
}

static void registers(struct input *in)
{
	static const uint16_t offsets[] = { 0x00, 0x08, 0x0c, 0x10, 0x14, 0x1c, 0x20, 0x24, 0x38, 0x3c, 0x40, 0x0ffc, 0x1ff8 };
	uint8_t which = in8(in);
	uint32_t value = in32(in);
	uint64_t buf = value | (uint64_t)value << 32;

	if (which & 0x80)
		emu_ctrl_read(host.c, offsets[which % 13] + in8(in), &buf, 1 + in8(in) % 8);
	else if (offsets[which % 13] == GMX_REG_NSSR)
		host_set_reg(GMX_REG_NSSR, which & 0x40 ? GMX_NSSR_MAGIC : value);
	else if (offsets[which % 13] == GMX_REG_CC)
		host_set_reg(GMX_REG_CC, value);
	else
		emu_ctrl_write(host.c, offsets[which % 13], &buf, which & 0x20 ? 8 : 4);
	/* a page size that changes under way is no use to anybody */
	if (host.life == host.c->generation && (host.c->cc >> 7 & 0xf) != admin_mps && host.c->cc & GMX_CC_EN)
		again();
}

static void reset(struct input *in)
{
	uint8_t how = in8(in);

	switch (how & 7) {
	case 0: host_set_reg(GMX_REG_CC, 0); break;
	case 1: emu_ctrl_reset(host.c, EMU_RESET_FLR); break;
	case 2: emu_ctrl_reset(host.c, EMU_RESET_HOT); break;
	case 3: host_set_reg(GMX_REG_NSSR, GMX_NSSR_MAGIC); break;
	case 4: emu_ctrl_set_bus_master(host.c, how & 8); break;
	case 5: emu_ctrl_set_power(host.c, how & 8 ? 3 : 0); break;
	case 6: host_set_reg(GMX_REG_CC, host.c->cc | (how & 8 ? GMX_CC_SHN_NORMAL : 2u << 14)); break;
	default:
		if (cuts++ >= 2)
			return;
		if (how & 8)
			emu_subsys_power_cut(vnd);
		else
			emu_subsys_close(vnd);
		vnd = NULL;
		host.c = NULL;
		host_start_again(admin_beds[bed].family, admin_beds[bed].config);
		break;
	}
	if (how & 16)
		again();
}

static void doorbell(struct input *in)
{
	uint8_t index = in8(in);
	unsigned int qid = index / 2 % HOST_QUEUES;

	/* only such as no queue can take: what a valid one does is known */
	if (index >= 0x80)
		host_set_reg(GMX_REG_DBS + (2 * HOST_QUEUES + index) * 4, in16(in));
	else
		host_set_reg(GMX_REG_DBS + (2 * qid + (index & 1)) * 4,
			     index & 1 ? host.q[qid].cq_size + in8(in) : host.q[qid].sq_size + in8(in));
}

static void burst(struct input *in)
{
	unsigned int nr = 2 + in8(in) % 14;

	while (nr-- && in_more(in)) {
		struct gmx_sqe sqe = build(in);

		if (!host_queue(0, &sqe))
			break;
	}
	host_ring(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	struct gmx_sqe sqe;
	uint8_t first = in8(&in);

	bed = first & 3;
	admin_mps = first >> 2 & 7;
	admin_mps = admin_mps > 4 ? 0 : admin_mps;
	admin_weighted = first & 0x20 && bed != 2;
	cuts = 0;
	host_start(admin_beds[bed].family, admin_beds[bed].config);
	host.small_cq = first & 0x40;
	again();
	for (unsigned int i = 0; i < FUZZ_RECORDS && in_more(&in); i++) {
		uint8_t what = in8(&in);

		switch (what % 16) {
		case 8: host_advance(1000ull << (in8(&in) % 28)); break;
		case 9: registers(&in); break;
		case 10: reset(&in); break;
		case 11: doorbell(&in); break;
		case 12: io(&in); break;
		case 13: burst(&in); break;
		case 14:
			if (what & 0x40)
				crowd(&in);
			else if (what & 0x80)
				longer(&in);
			else
				firmware(&in);
			break;
		case 15:
			if (host.life != host.c->generation || !(host_reg(GMX_REG_CSTS) & GMX_CSTS_RDY))
				again();
			break;
		default:
			sqe = build(&in);
			if (host_queue(0, &sqe))
				host_ring(0);
			break;
		}
		host_run();
	}
	host_finish();
	return 0;
}
