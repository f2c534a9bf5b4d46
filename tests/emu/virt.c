// SPDX-License-Identifier: GPL-2.0-or-later
/* Virtualization Management: flexible queues and interrupts, from the primary controller to secondary ones and back. */
/* Covers: GMX_ADM_VIRT_MGMT GMX_FEAT_NUM_QUEUES GMX_CNS_PRIMARY_CAPS GMX_CNS_SECONDARY_LIST */
#include "admin.h"

#define FLEXIBLE 64u
#define MOST	 17u
enum { VQ = GMX_VIRT_VQ, VI = GMX_VIRT_VI };

static uint8_t page[4096];

static uint16_t manage(struct admin *a, unsigned int act, unsigned int resource, unsigned int cntlid, unsigned int nr)
{
	return ADMIN(a, .opcode = GMX_ADM_VIRT_MGMT, .cdw10 = act | resource << 8 | cntlid << 16, .cdw11 = nr);
}

static const struct gmx_primary_caps *caps(struct admin *a)
{
	check(!ADMIN(a, .opcode = GMX_ADM_IDENTIFY, .cdw10 = GMX_CNS_PRIMARY_CAPS, .buf = page, .len = sizeof(page)), "primary");
	return (struct gmx_primary_caps *)page;
}

static const struct gmx_secondary *secondary(struct admin *a, unsigned int i)
{
	check(!ADMIN(a, .opcode = GMX_ADM_IDENTIFY, .cdw10 = GMX_CNS_SECONDARY_LIST, .buf = page, .len = sizeof(page)),
	      "secondary");
	return &((struct gmx_secondary_list *)page)->entry[i];
}

static unsigned int primary_id(struct admin *a)
{
	return a->s->ctrls[0]->cntlid;
}

static unsigned int id(struct admin *a, unsigned int i)
{
	return le16toh(secondary(a, i)->scid);
}

static unsigned int queues(struct admin *a)
{
	check(!ADMIN(a, .opcode = GMX_ADM_SET_FEATURES, .cdw10 = GMX_FEAT_NUM_QUEUES, .cdw11 = 0x00ff00ff), "number of queues");
	return (a->dw0 & 0xffff) + 1;
}

/* Everything to the primary's disposal */
static void release(struct admin *a)
{
	check(!manage(a, GMX_VIRT_PRIMARY_ALLOC, VQ, primary_id(a), 0) &&
		      !manage(a, GMX_VIRT_PRIMARY_ALLOC, VI, primary_id(a), 0),
	      "the primary keeps none");
	admin_reset(a, 0);
}

static void test_primary(void)
{
	struct admin a;

	admin_open(&a, "g3", NULL);
	check(queues(&a) == 128, "128 queues at first");
	check(!manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, primary_id(&a), 10) && a.dw0 == 10, "10 in the next life: %u", a.dw0);
	check(le16toh(caps(&a)->vqrfap) == FLEXIBLE && queues(&a) == 128, "not in this one");
	admin_reset(&a, 0);
	check(le16toh(caps(&a)->vqrfap) == 10 && le16toh(caps(&a)->virfap) == FLEXIBLE, "then");
	check(queues(&a) == 74, "%u queues", queues(&a));
	check(!manage(&a, GMX_VIRT_PRIMARY_ALLOC, VI, primary_id(&a), 0), "no vectors");
	admin_reopen(&a, true);
	check(le16toh(caps(&a)->vqrfap) == 10 && le16toh(caps(&a)->virfap) == 0, "also after a power cut");
	check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, primary_id(&a), FLEXIBLE + 1) == GMX_SC_CTRL_RESOURCES && a.dnr, "too many");
	check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, primary_id(&a), 0xffff) == GMX_SC_CTRL_RESOURCES, "far too many");
	check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, 2, primary_id(&a), 1) == GMX_SC_RESOURCE_ID, "of what?");
	check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, 7, primary_id(&a), 1) == GMX_SC_RESOURCE_ID, "of what?");
	check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, id(&a, 0), 1) == GMX_SC_CTRL_ID, "a secondary one is no primary");
	check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, 0xffff, 1) == GMX_SC_CTRL_ID, "nobody");
	check(!manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, primary_id(&a), FLEXIBLE), "all");
	admin_reset(&a, 0);
	check(queues(&a) == 128, "back");
	admin_close(&a);
	tap_group("the primary's share");
}

static void test_assign(void)
{
	struct admin a;

	admin_open(&a, "g3", NULL);
	check(manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), 1) == GMX_SC_CTRL_RESOURCES, "the primary has all of them");
	check(!manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), 0), "none of them");
	release(&a);
	for (unsigned int i = 0; i < 8; i++) {
		for (unsigned int resource = VQ; resource <= VI; resource++)
			check(!manage(&a, GMX_VIRT_ASSIGN, resource, id(&a, i), 8) && a.dw0 == 8, "8 for %u: %u", i, a.dw0);
	}
	check(le32toh(caps(&a)->vqrfa) == 64 && le32toh(caps(&a)->virfa) == 64, "64 are assigned");
	check(le16toh(secondary(&a, 3)->nvq) == 8 && le16toh(secondary(&a, 3)->nvi) == 8, "8 each");
	check(manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), 9) == GMX_SC_CTRL_RESOURCES, "there is no more");
	check(!manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 1), 4) && !manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), 12),
	      "from one to another");
	check(le32toh(caps(&a)->vqrfa) == 64, "still 64");
	check(manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), 13) == GMX_SC_CTRL_RESOURCES, "and no more");
	check(!manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 1), 0) && !manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 2), 0), "some back");
	check(!manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), MOST), "as many as one may have");
	check(manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), MOST + 1) == GMX_SC_CTRL_RESOURCES, "one too many");
	check(manage(&a, GMX_VIRT_ASSIGN, 2, id(&a, 0), 1) == GMX_SC_RESOURCE_ID, "of what?");
	check(manage(&a, GMX_VIRT_ASSIGN, VQ, primary_id(&a), 1) == GMX_SC_CTRL_ID, "the primary is no secondary");
	check(manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 7) + 1, 1) == GMX_SC_CTRL_ID, "there is no ninth");
	admin_reset(&a, 0);
	check(!caps(&a)->vqrfa && !caps(&a)->virfa && !secondary(&a, 0)->nvq, "a reset of the primary takes all");
	admin_close(&a);
	tap_group("resources of secondary controllers");
}

static void test_online(void)
{
	struct admin a;

	admin_open(&a, "g3", NULL);
	release(&a);
	for (unsigned int vq = 0; vq < 4; vq++) {
		for (unsigned int vi = 0; vi < 3; vi++) {
			uint16_t expected = vq >= 2 && vi >= 1 ? 0 : GMX_SC_SECONDARY_STATE;

			check(!manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 2), vq) && !manage(&a, GMX_VIRT_ASSIGN, VI, id(&a, 2), vi),
			      "assign");
			check(manage(&a, GMX_VIRT_ONLINE, 0, id(&a, 2), 0) == expected, "%u queues, %u vectors", vq, vi);
			check(secondary(&a, 2)->scs == !expected, "state");
			if (expected)
				continue;
			check(manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 2), 4) == GMX_SC_SECONDARY_STATE, "not while it is online");
			check(!manage(&a, GMX_VIRT_ONLINE, 0, id(&a, 2), 0), "online is online");
			check(!manage(&a, GMX_VIRT_OFFLINE, 0, id(&a, 2), 0), "offline");
			check(!secondary(&a, 2)->scs && !secondary(&a, 2)->nvq && !secondary(&a, 2)->nvi, "with nothing left");
		}
	}
	check(!manage(&a, GMX_VIRT_OFFLINE, 0, id(&a, 2), 0), "offline is offline");
	check(manage(&a, GMX_VIRT_ONLINE, 0, primary_id(&a), 0) == GMX_SC_CTRL_ID, "the primary");
	check(manage(&a, GMX_VIRT_OFFLINE, 0, 0, 0) == GMX_SC_CTRL_ID, "nobody");
	check(!manage(&a, GMX_VIRT_ASSIGN, VQ, id(&a, 0), 2) && !manage(&a, GMX_VIRT_ASSIGN, VI, id(&a, 0), 1) &&
		      !manage(&a, GMX_VIRT_ONLINE, 0, id(&a, 0), 0),
	      "online");
	admin_reset(&a, 0);
	check(!secondary(&a, 0)->scs, "a reset of the primary ends it");
	for (unsigned int act = 0; act < 16; act++) {
		bool there = act == 1 || (act >= 7 && act <= 9);

		check((manage(&a, act, VQ, 0xffff, 0) == GMX_SC_INVALID_FIELD) == !there, "action %u", act);
	}
	admin_close(&a);
	tap_group("online and offline");
}

static void test_others(void)
{
	struct admin a;

	for (const char *const *family = (const char *const[]){ "g1", "g2", NULL }; *family; family++) {
		admin_open(&a, *family, NULL);
		check(manage(&a, GMX_VIRT_PRIMARY_ALLOC, VQ, primary_id(&a), 0) == GMX_SC_INVALID_OPCODE, "%s does not", *family);
		admin_close(&a);
	}
	admin_open(&a, "g3", "{\"functions\":2}");
	check(!ADMIN(&a, .opcode = GMX_ADM_IDENTIFY, .function = 1, .cdw10 = GMX_CNS_SECONDARY_LIST, .buf = page, .len = 4096) &&
		      !page[0],
	      "the second function has no secondary ones");
	check(ADMIN(&a, .opcode = GMX_ADM_VIRT_MGMT, .function = 1, .cdw10 = GMX_VIRT_ASSIGN | id(&a, 0) << 16) == GMX_SC_CTRL_ID,
	      "and does not manage those of the first");
	check(ADMIN(&a, .opcode = GMX_ADM_VIRT_MGMT, .function = 1, .cdw11 = 1,
		    .cdw10 = GMX_VIRT_PRIMARY_ALLOC | (uint32_t)a.s->ctrls[1]->cntlid << 16) == GMX_SC_CTRL_RESOURCES,
	      "nor has flexible ones");
	check(le16toh(secondary(&a, 0)->scid) > a.s->ctrls[1]->cntlid && secondary(&a, 0)[6].vfn == htole16(7),
	      "identifiers follow those of the functions");
	admin_close(&a);
	tap_group("who cannot");
}

int main(void)
{
	test_primary();
	test_assign();
	test_online();
	test_others();
	return tap_done();
}
