// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completions that cannot be given to the host yet, or never: a completion queue that is full, a controller that hangs, a
 * completion that is dropped. Whoever carried the command out is done with it all the same.
 */
/* Covers: GMX_ADM_DELETE_SQ GMX_ADM_ABORT GMX_ADM_ASYNC_EVENT GMX_ADM_FW_COMMIT GMX_ADM_FORMAT */
#include "vnd.h"
#include "firmware.h"

static const char quick[] = "{\"time_warp\":true,\"functions\":2,\"namespaces\":[{\"size\":\"1M\"},{\"size\":\"1M\"}]}";
static uint8_t buf[8192];

static uint8_t *at(uint64_t addr)
{
	return vnd_ram + (addr - VND_RAM);
}

/* Sent and fetched; the data's address, if there is one, is prp1 */
static uint16_t post(struct vnd_cmd cmd, uint64_t prp1)
{
	uint16_t cid = vnd_next_cid(&vnd_fn[cmd.function].q[cmd.queue]);

	cmd.len = prp1 ? 1 : 0;
	vnd_submit(&cmd, prp1, cid);
	emu_subsys_run(vnd);
	return cid;
}

#define POST(...) post((struct vnd_cmd){ __VA_ARGS__ }, 0)

/* The admin completion queue has no room any more; the host takes nothing out. */
static void fill(void)
{
	struct vnd_queue *q = &vnd_fn[0].q[0];
	unsigned int last = (q->head + VND_ENTRIES - 2) % VND_ENTRIES, nr = 0;
	const struct gmx_cqe *cqe = (struct gmx_cqe *)at(q->cq);

	while ((le16toh(cqe[last].status) & 1) != (last < q->head ? !q->phase : q->phase) && nr++ < VND_ENTRIES)
		POST(.opcode = GMX_ADM_KEEP_ALIVE);
	check(nr && nr < VND_ENTRIES, "%u commands fill the completion queue", nr);
}

/* How often a command was completed since the last look, and how */
static unsigned int answers(unsigned int f, uint16_t cid, uint16_t *status)
{
	struct vnd_queue *q = &vnd_fn[f].q[0];
	unsigned int nr = 0;

	vnd_peek(f, 0);
	for (unsigned int i = 0; i < q->nr;) {
		if (le16toh(q->stash[i].cid) != cid) {
			i++;
			continue;
		}
		*status = le16toh(vnd_take(q, i).status) >> 1;
		nr++;
	}
	return nr;
}

static void works(void)
{
	check(!vnd_identify(GMX_CNS_CTRL, 0, buf), "the controller works");
}

static void format_full(void)
{
	uint16_t cid, status = 0xffff;

	vnd_start("g2", quick);
	cid = POST(.opcode = GMX_ADM_FORMAT, .nsid = 1);
	fill();
	vnd_advance(1000);
	check(answers(0, cid, &status) == 1 && !status, "it ends while there is no room: %04x", status);
	works();
	vnd_stop();
	tap_group("Format NVM, and a completion queue that is full");
}

static void format_aborted(void)
{
	uint16_t cid, status = 0xffff;

	vnd_start("g2", quick);
	cid = POST(.opcode = GMX_ADM_FORMAT, .nsid = 1);
	fill();
	POST(.opcode = GMX_ADM_ABORT, .cdw10 = (uint32_t)cid << 16);
	vnd_advance(1000);
	check(answers(0, cid, &status) == 1 && status == GMX_SC_ABORT_REQ, "aborted once: %04x", status);
	works();
	vnd_stop();
	tap_group("Format NVM, aborted while there is no room");
}

static void format_dropped(void)
{
	uint16_t cid, status;

	vnd_start("g2", quick);
	check(vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"format nvm\",\"count\":1"), "rule");
	cid = POST(.opcode = GMX_ADM_FORMAT, .nsid = 1);
	vnd_advance(1000);
	check(!answers(0, cid, &status), "no completion");
	vnd_enable(0);
	works();
	vnd_stop();
	tap_group("Format NVM whose completion is dropped, and a reset");
}

/* Events are asked for, as often as some come, until one request waits. */
static void settle(void)
{
	unsigned int nr = 0;

	do {
		check(!vnd_log(GMX_VND_LOG_EVENTS, 0, buf, 512) && !vnd_log(GMX_LOG_ERROR, 0, buf, 64), "log pages");
		vnd_post_events(1);
	} while (vnd_event() != NO_EVENT && nr++ < 20);
	check(nr < 20, "events end");
}

static void bad_doorbell(void)
{
	vnd_set_reg(0, GMX_REG_DBS + 2 * 40 * 4, 1);
}

#define TEMPERATURE (GMX_AEN_SMART | GMX_AEN_SMART_TEMPERATURE << 8 | GMX_LOG_SMART << 16)
#define DOORBELL    (GMX_AEN_ERROR | GMX_AEN_ERROR_DOORBELL << 8 | GMX_LOG_ERROR << 16)

static void event_hang(void)
{
	vnd_start("g2", quick);
	settle();
	vnd_quiet();
	check(vnd_ok("hang", ""), "hang");
	check(vnd_ok("temperature", "\"kelvin\":360"), "hot");
	bad_doorbell();
	check(vnd_event() == NO_EVENT, "nothing comes");
	check(vnd_ok("unhang", ""), "unhang");
	check(vnd_event() == TEMPERATURE && vnd_event() == NO_EVENT, "one request, one event");
	vnd_post_events(1);
	check(vnd_event() == DOORBELL, "the other is answered with the other");
	works();
	vnd_stop();
	tap_group("two events, one request, and a controller that hangs");
}

static void event_full(void)
{
	uint32_t event;

	vnd_start("g2", quick);
	settle();
	check(!nvm(.opcode = GMX_NVM_WRITE_UNCOR, .nsid = 1), "a block becomes unreadable");
	fill();
	bad_doorbell();
	check(nvm(.opcode = GMX_NVM_READ, .nsid = 1, .data = buf, .len = 512) == GMX_SC_READ_ERROR, "read");
	check(vnd_event() == DOORBELL && vnd_event() == NO_EVENT, "one request, one event");
	vnd_post_events(1);
	event = vnd_event();
	check(event != NO_EVENT && GMX_AEN_TYPE(event) == GMX_AEN_VENDOR, "the other is answered with the other: %08x", event);
	works();
	vnd_stop();
	tap_group("two events, one request, and a completion queue that is full");
}

static void event_dropped(void)
{
	vnd_start("g2", quick);
	vnd_quiet();
	check(vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"asynchronous event request\",\"count\":1"), "rule");
	vnd_post_events(2);
	check(vnd_ok("temperature", "\"kelvin\":360"), "hot");
	check(vnd_event() == NO_EVENT, "the first is lost");
	bad_doorbell();
	check(vnd_event() == DOORBELL, "the second comes");
	vnd_stop();
	tap_group("an event that is dropped, and the next one");
}

static void download(unsigned int f)
{
	struct test_image image = test_image_make(2, "G2-2.0.0", 2 << 16, 1, "{}");

	check(!admin(.function = f, .opcode = GMX_ADM_FW_DOWNLOAD, .cdw10 = image.len / 4 - 1, .data = image.data,
		     .len = image.len),
	      "download");
	free(image.data);
}

#define REPLACE(slot) (GMX_FW_REPLACE << 3 | (slot))

static void commits(void)
{
	uint16_t first, second, status = 0xffff;

	vnd_start("g2", quick);
	check(vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"firmware commit\",\"count\":1"), "rule");
	download(0);
	first = POST(.opcode = GMX_ADM_FW_COMMIT, .cdw10 = REPLACE(2));
	vnd_advance(1000);
	check(!answers(0, first, &status), "no completion");
	download(1);
	second = POST(.function = 1, .opcode = GMX_ADM_FW_COMMIT, .cdw10 = REPLACE(3));
	check(!answers(1, second, &status), "not yet");
	vnd_enable(0);
	vnd_advance(1000);
	check(answers(1, second, &status) == 1 && !status, "the other function's commit is completed: %04x", status);
	vnd_stop();
	tap_group("Firmware Commit whose completion is dropped, and another function's");
}

/* A submission queue of two that share completion queue 2 */
struct sub {
	uint16_t qid;
	uint64_t base;
	uint32_t tail;
};

static struct sub sub_make(uint16_t qid)
{
	struct sub s = { .qid = qid, .base = vnd_alloc(4096) };
	uint16_t status = 0xffff, cid;

	cid = post((struct vnd_cmd){ .opcode = GMX_ADM_CREATE_SQ, .cdw10 = 7u << 16 | qid, .cdw11 = 2u << 16 | GMX_QUEUE_PC },
		   s.base);
	check(answers(0, cid, &status) == 1 && !status, "submission queue %u: %04x", qid, status);
	return s;
}

static void sub_verify(struct sub *s, uint16_t cid)
{
	struct gmx_sqe sqe = { .opcode = GMX_NVM_VERIFY, .cid = htole16(cid), .nsid = htole32(1) };

	memcpy(at(s->base) + s->tail * sizeof(sqe), &sqe, sizeof(sqe));
	s->tail = (s->tail + 1) % 8;
	vnd_set_reg(0, GMX_REG_DBS + 2 * s->qid * 4, s->tail);
	emu_subsys_run(vnd);
}

static void shared(void)
{
	uint16_t status = 0xffff, cid;
	const struct gmx_cqe *cqe;
	struct sub two, three;
	uint64_t cq;

	vnd_start("g2", quick);
	cq = vnd_alloc(4096);
	memset(at(cq), 0, 4096);
	cqe = (struct gmx_cqe *)at(cq);
	cid = post((struct vnd_cmd){ .opcode = GMX_ADM_CREATE_CQ, .cdw10 = 3u << 16 | 2, .cdw11 = GMX_QUEUE_PC }, cq);
	check(answers(0, cid, &status) == 1 && !status, "completion queue: %04x", status);
	two = sub_make(2);
	three = sub_make(3);
	for (uint16_t i = 0; i < 5; i++)
		sub_verify(&two, i);
	sub_verify(&three, 33);
	check(le16toh(cqe[2].status) & 1 && !(le16toh(cqe[3].status) & 1), "three completions in a queue of four");
	check(!admin(.opcode = GMX_ADM_DELETE_SQ, .cdw10 = 2), "queue 2 is deleted");
	vnd_set_reg(0, GMX_REG_DBS + (2 * 2 + 1) * 4, 3);
	vnd_advance(1);
	check(le16toh(cqe[3].status) & 1 && le16toh(cqe[3].sq_id) == 3 && le16toh(cqe[3].cid) == 33,
	      "queue 3 goes on: status %04x queue %u", le16toh(cqe[3].status), le16toh(cqe[3].sq_id));
	vnd_stop();
	tap_group("a completion queue of two, one of which is deleted while it is full");
}

int main(void)
{
	/* a list that is damaged has no end */
	alarm(60);
	format_full();
	format_aborted();
	format_dropped();
	event_hang();
	event_full();
	event_dropped();
	commits();
	shared();
	return tap_done();
}
