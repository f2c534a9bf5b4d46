// SPDX-License-Identifier: GPL-2.0-or-later
/* Controller memory buffer: its registers, queues, lists and data in it, and that what points there stays inside. */
#include "admin.h"
#include "cmb.h"

#define SIZE (1u << 20)
#define BASE 0x700000000000ull /* nobody's, as the host's memory goes */
#define RING 0x2000u	       /* in the buffer */
#define SHOW ((uint32_t)GMX_CMBMSC_CRE)
#define MAP  ((uint32_t)(GMX_CMBMSC_CRE | GMX_CMBMSC_CMSE))

static const char config[] = "{ \"cmb_bytes\": \"1M\" }";
static uint32_t tail;

static void msc(uint64_t value)
{
	vnd_set_reg(0, GMX_REG_CMBMSC + 4, (uint32_t)(value >> 32));
	vnd_set_reg(0, GMX_REG_CMBMSC, (uint32_t)value);
}

static void put(uint64_t offset, const void *buf, size_t len)
{
	for (size_t i = 0; i < len; i += 8)
		emu_ctrl_cmb(vnd_fn[0].ctrl, offset + i, (uint8_t *)(uintptr_t)buf + i, 8, true);
}

static void get(uint64_t offset, void *buf, size_t len)
{
	for (size_t i = 0; i < len; i += 8)
		emu_ctrl_cmb(vnd_fn[0].ctrl, offset + i, (uint8_t *)buf + i, 8, false);
}

static int64_t count(const char *key)
{
	json_object *status = json_object_new_object();
	int64_t n;

	emu_cmb_status(vnd_fn[0].ctrl, status);
	n = vnd_number(status, key);
	json_object_put(status);
	return n;
}

/* The status of an admin command whose data pointer is used as it is */
static uint16_t raw(uint8_t opcode, uint64_t prp1, uint32_t cdw10, uint32_t cdw11)
{
	struct vnd_queue *q = &vnd_fn[0].q[0];
	uint16_t cid = vnd_next_cid(q);
	int at;

	vnd_submit(&(struct vnd_cmd){ .opcode = opcode, .cdw10 = cdw10, .cdw11 = cdw11, .len = 1 }, prp1, cid);
	at = admin_find(0, cid);
	return at < 0 ? 0xffff : GMX_STS_CODE(le16toh(vnd_take(q, (unsigned int)at).status) >> 1);
}

static uint16_t make_sq(uint64_t base, uint32_t entries)
{
	tail = 0;
	return raw(GMX_ADM_CREATE_SQ, base, (entries - 1) << 16 | 2, 1u << 16 | GMX_QUEUE_PC);
}

/* An I/O command through the queue in the buffer; its status */
static uint16_t io(uint8_t opcode, uint8_t flags, union gmx_dptr dptr, uint32_t lba, uint32_t blocks)
{
	struct gmx_sqe sqe = {
		.opcode = opcode,
		.flags = flags,
		.cid = htole16((uint16_t)(0x100 + tail)),
		.nsid = htole32(1),
		.dptr = dptr,
		.cdw10 = htole32(lba),
		.cdw12 = htole32(blocks - 1),
	};
	struct gmx_cqe cqe;

	put(RING + tail * sizeof(sqe), &sqe, sizeof(sqe));
	tail = (tail + 1) % VND_ENTRIES;
	vnd_set_reg(0, GMX_REG_DBS + 2 * 2 * 4, tail);
	for (unsigned int i = 0; i < 100 && !vnd_peek(0, 1); i++)
		vnd_advance(1);
	cqe = vnd_reap(0, 1);
	check(le16toh(cqe.cid) == 0x100 + (tail + VND_ENTRIES - 1) % VND_ENTRIES && le16toh(cqe.sq_id) == 2, "its completion");
	return GMX_STS_CODE(le16toh(cqe.status) >> 1);
}

static uint16_t io_prp(uint8_t opcode, uint64_t prp1, uint64_t prp2, uint32_t lba, uint32_t blocks)
{
	return io(opcode, 0, (union gmx_dptr){ .prp1 = htole64(prp1), .prp2 = htole64(prp2) }, lba, blocks);
}

static void begin(void)
{
	vnd_start("g3", config);
	admin_memory = vnd_used;
	msc(BASE | MAP);
	check(!make_sq(BASE + RING, VND_ENTRIES), "a submission queue in the buffer");
}

static void fill(uint8_t *buf, size_t len, unsigned int seed)
{
	for (size_t i = 0; i < len; i++)
		buf[i] = (uint8_t)((i * 7 + i / 251 + seed) & 0xff);
}

static void test_registers(void)
{
	struct emu_pci_info info;
	struct gmx_id_ctrl id;
	uint64_t word = 0x1122334455667788ull, back;

	vnd_start("g2", config);
	emu_ctrl_pci_info(vnd_fn[0].ctrl, &info);
	check(info.cmb_size == SIZE, "BAR 2: %llx", (unsigned long long)info.cmb_size);
	check(GMX_CAP_CMBS((uint64_t)vnd_reg(0, GMX_REG_CAP + 4) << 32), "CAP.CMBS");
	check(!vnd_reg(0, GMX_REG_CMBLOC) && !vnd_reg(0, GMX_REG_CMBSZ) && !vnd_reg(0, GMX_REG_CMBSTS), "hidden at first");
	put(0, &word, 8);
	msc(SHOW);
	check(GMX_CMBLOC_BIR(vnd_reg(0, GMX_REG_CMBLOC)) == 2 && !GMX_CMBLOC_OFST(vnd_reg(0, GMX_REG_CMBLOC)), "BAR 2, from 0");
	check(vnd_reg(0, GMX_REG_CMBSZ) == (SIZE / 4096 << 12 | 0x1d), "CMBSZ: %x", vnd_reg(0, GMX_REG_CMBSZ));
	get(0, &back, 8);
	check(!back, "what was hidden was not written");
	put(SIZE - 8, &word, 8);
	get(SIZE - 8, &back, 8);
	check(back == word, "its last bytes");
	back = 1;
	get(SIZE, &back, 8);
	check(!back, "nothing behind them");
	put(SIZE - 4, &word, 8);
	get(SIZE - 8, &back, 8);
	check(back == word, "no write across the end");

	msc(BASE | MAP);
	check(!vnd_reg(0, GMX_REG_CMBSTS) && count("enabled") == 1 && count("base") == (int64_t)BASE, "enabled");
	msc(BASE | 0xffc | MAP);
	check(vnd_reg(0, GMX_REG_CMBMSC) == ((uint32_t)BASE | MAP), "reserved bits stay zero");
	msc(0xfffffffffff01000ull | MAP);
	check(vnd_reg(0, GMX_REG_CMBSTS) == GMX_CMBSTS_CBAI && count("enabled") == 0, "an address from which it does not fit");
	msc(0xfffffffffff00000ull | MAP);
	check(!vnd_reg(0, GMX_REG_CMBSTS) && count("enabled") == 1, "the last one from which it does");
	msc(0xfffffffffff01000ull | SHOW);
	check(!vnd_reg(0, GMX_REG_CMBSTS), "nobody wants it");
	msc(BASE | MAP);
	vnd_enable(0);
	check(vnd_reg(0, GMX_REG_CMBMSC) == ((uint32_t)BASE | MAP) && count("enabled") == 1, "a controller reset leaves it");
	get(SIZE - 8, &back, 8);
	check(back == word, "with what is in it");
	emu_ctrl_reset(vnd_fn[0].ctrl, EMU_RESET_FLR);
	check(!vnd_reg(0, GMX_REG_CMBMSC) && !vnd_reg(0, GMX_REG_CMBMSC + 4) && !vnd_reg(0, GMX_REG_CMBSZ),
	      "a function reset does not");
	emu_ctrl_set_bus_master(vnd_fn[0].ctrl, true);
	vnd_enable(0);
	check(!vnd_identify(GMX_CNS_CTRL, 0, &id) && !(le16toh(id.oacs) & GMX_OACS_DBBUF), "no shadow doorbells beside it");
	vnd_stop();

	vnd_start("g2", NULL);
	emu_ctrl_pci_info(vnd_fn[0].ctrl, &info);
	check(!info.cmb_size && !GMX_CAP_CMBS((uint64_t)vnd_reg(0, GMX_REG_CAP + 4) << 32), "none unless asked for");
	msc(BASE | MAP);
	check(!vnd_reg(0, GMX_REG_CMBMSC) && !vnd_reg(0, GMX_REG_CMBSZ), "and no registers");
	word = 0;
	emu_ctrl_cmb(vnd_fn[0].ctrl, 0, &word, 8, true);
	check(count("bytes") == 0 && count("enabled") == 0, "nor memory");
	check(!vnd_identify(GMX_CNS_CTRL, 0, &id) && le16toh(id.oacs) & GMX_OACS_DBBUF, "shadow doorbells without it");
	vnd_stop();
	tap_group("registers");
}

static void test_queues(void)
{
	json_object *status, *queue;
	struct admin a;

	begin();
	check(make_sq(BASE + RING, VND_ENTRIES) == (GMX_SC_QID_INVALID), "the same one twice");
	for (unsigned int i = 0; i < 3 * VND_ENTRIES; i++)
		check(!io_prp(GMX_NVM_READ, vnd_buffer, 0, i, 1), "command %u", i);
	check(count("commands") == 3 * VND_ENTRIES, "fetched there: %lld", (long long)count("commands"));
	check(count("host_writes") == 3 * VND_ENTRIES * 8, "written there: %lld", (long long)count("host_writes"));
	check(!nvm(.opcode = GMX_NVM_FLUSH, .nsid = 1) && count("commands") == 3 * VND_ENTRIES, "not those of another queue");
	status = vnd_ask("{\"command\":\"status\"}");
	queue = vnd_entry(vnd_entry(status, "controllers", 0), "queues", 2);
	check(vnd_number(queue, "id") == 2 && vnd_flag(queue, "cmb"), "status says where the queue is");
	check(!vnd_flag(vnd_entry(vnd_entry(status, "controllers", 0), "queues", 1), "cmb"), "and where another is");
	json_object_put(status);

	check(!raw(GMX_ADM_DELETE_SQ, 0, 2, 0), "deleted");
	check(make_sq(BASE + SIZE - 4096, 128) == GMX_SC_CMB_USE, "over its end");
	check(make_sq(BASE - 4096, 128) == GMX_SC_CMB_USE, "over its beginning");
	check(make_sq(BASE + RING + 64, 64) == GMX_SC_PRP_OFFSET, "not at a page");
	check(!make_sq(BASE + SIZE - 4096, 64) && !raw(GMX_ADM_DELETE_SQ, 0, 2, 0), "its last page");
	check(raw(GMX_ADM_CREATE_CQ, BASE + RING, 63u << 16 | 3, GMX_QUEUE_PC) == GMX_SC_CMB_USE, "no completion queue");
	check(raw(GMX_ADM_CREATE_CQ, BASE + SIZE - 4096, 1023u << 16 | 3, GMX_QUEUE_PC) == GMX_SC_CMB_USE, "nor a part of one");
	a.s = vnd;
	admin_reset(&a, 0);
	check(raw(GMX_ADM_CREATE_CQ, vnd_fn[0].q[1].cq, (VND_ENTRIES - 1) << 16 | 1, GMX_QUEUE_PC) == 0, "after a reset");
	check(!make_sq(BASE + RING, VND_ENTRIES) && !io_prp(GMX_NVM_READ, vnd_buffer, 0, 0, 1), "works again");

	/* the admin queues */
	vnd_set_reg(0, GMX_REG_CC, 0);
	vnd_set_reg(0, GMX_REG_ACQ, (uint32_t)BASE);
	vnd_set_reg(0, GMX_REG_ACQ + 4, (uint32_t)(BASE >> 32));
	vnd_set_reg(0, GMX_REG_CC, GMX_CC_EN | GMX_CC_IOSQES(GMX_SQE_SHIFT) | GMX_CC_IOCQES(GMX_CQE_SHIFT));
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_CFS, "an admin completion queue there is fatal");
	vnd_enable(0);

	/* not mapped: the address is nobody's */
	msc(BASE | SHOW);
	check(!make_sq(BASE + RING, VND_ENTRIES), "taken as the host's memory");
	vnd_set_reg(0, GMX_REG_DBS + 2 * 2 * 4, 1);
	vnd_advance(1);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_CFS, "which is not there");
	vnd_stop();
	tap_group("queues");
}

static void test_data(void)
{
	static uint8_t data[4 * 4096], back[4 * 4096];
	uint8_t *host;
	uint64_t list[3];

	begin();
	host = vnd_ram + (vnd_buffer - VND_RAM);
	fill(data, sizeof(data), 1);
	put(0x10000, data, sizeof(data));
	check(!io_prp(GMX_NVM_WRITE, BASE + 0x10000, BASE + 0x11000, 0, 16), "write from it");
	memset(host, 0, 8192);
	check(!io_prp(GMX_NVM_READ, vnd_buffer, vnd_buffer + 4096, 0, 16) && !memcmp(host, data, 8192),
	      "that is what was written");
	check(!io_prp(GMX_NVM_READ, BASE + 0x20200, BASE + 0x21000, 0, 8), "read into it");
	get(0x20200, back, 4096);
	check(!memcmp(back, data, 4096), "that is what is there");

	list[0] = htole64(BASE + 0x31000);
	list[1] = htole64(vnd_buffer);
	list[2] = htole64(BASE + 0x33000);
	put(0x40000, list, sizeof(list));
	check(!io_prp(GMX_NVM_WRITE, BASE + 0x10000, vnd_buffer + 4096, 100, 16), "one page of each");
	memset(host, 0, 4096);
	check(!io_prp(GMX_NVM_READ, BASE + 0x30000, BASE + 0x40000, 0, 32), "a list in it, to both memories");
	get(0x30000, back, 4096);
	check(!memcmp(back, data, 4096), "first page");
	get(0x31000, back, 4096);
	check(!memcmp(back, data + 4096, 4096), "second page");

	put(0x50000,
	    (struct gmx_sgl_desc[]){
		    { .addr = htole64(BASE + 0x60000), .length = htole32(1000), .type = GMX_SGL_DATA_BLOCK },
		    { .addr = htole64(BASE + 0x70001), .length = htole32(3096), .type = GMX_SGL_DATA_BLOCK },
	    },
	    2 * sizeof(struct gmx_sgl_desc));
	check(!io(GMX_NVM_READ, GMX_SQE_SGL,
		  (union gmx_dptr){
			  .sgl = { .addr = htole64(BASE + 0x50000), .length = htole32(32), .type = GMX_SGL_LAST_SEGMENT } },
		  0, 8),
	      "a segment in it");
	get(0x60000, back, 1000);
	check(!memcmp(back, data, 1000), "first part");
	get(0x70000, back, 3104);
	check(!memcmp(back + 1, data + 1000, 3096), "second part");

	check(io_prp(GMX_NVM_READ, BASE + SIZE - 4096, BASE + SIZE, 0, 16) == GMX_SC_DATA_XFER, "behind it");
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_CFS), "no reason to die");
	vnd_stop();
	tap_group("data and lists");
}

/* The host's own addresses, hidden by the buffer's */
static void test_overlap(void)
{
	static uint8_t data[4096], back[4096];
	uint64_t base;
	uint8_t *host;

	vnd_start("g3", config);
	admin_memory = vnd_used;
	base = vnd_alloc(SIZE);
	host = vnd_ram + (base - VND_RAM);
	memset(host, 0x5a, SIZE);
	msc(base | MAP);
	check(!make_sq(base + RING, VND_ENTRIES), "a queue");
	fill(data, sizeof(data), 3);
	put(0x8000, data, sizeof(data));
	check(!io_prp(GMX_NVM_WRITE, base + 0x8000, 0, 8, 8), "written from the buffer");
	check(!io_prp(GMX_NVM_READ, base + 0x9000, 0, 8, 8), "read into the buffer");
	get(0x9000, back, sizeof(back));
	check(!memcmp(back, data, sizeof(data)), "there it is");
	for (unsigned int i = 0; i < SIZE; i++)
		if (host[i] != 0x5a)
			check(false, "the host's memory was touched at %x", i);
	check(count("writes") >= 1 && count("reads") >= 2, "counted");
	vnd_stop();
	tap_group("in place of the host's memory");
}

/* Each function has its own. */
static void test_functions(void)
{
	uint64_t word = 7, back = 1;

	vnd_start("g3", "{ \"cmb_bytes\": 4096, \"functions\": 2 }");
	msc(SHOW);
	put(0, &word, 8);
	vnd_set_reg(1, GMX_REG_CMBMSC, SHOW);
	emu_ctrl_cmb(vnd_fn[1].ctrl, 0, &back, 8, false);
	check(!back, "not the other's");
	check(GMX_CMBSZ_SZ(vnd_reg(1, GMX_REG_CMBSZ)) == 1, "the least there is");
	check(vnd_ok("gone", "\"controller\":0"), "gone");
	get(0, &back, 8);
	check(back == UINT64_MAX, "all ones");
	vnd_stop();
	tap_group("functions");
}

int main(void)
{
	test_registers();
	test_queues();
	test_data();
	test_overlap();
	test_functions();
	return tap_done();
}
