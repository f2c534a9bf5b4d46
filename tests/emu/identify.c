// SPDX-License-Identifier: GPL-2.0-or-later
/* Identify: every CNS with every kind of NSID, and whether what a controller says of itself is so. */
/* Covers: GMX_ADM_IDENTIFY GMX_CNS_NS GMX_CNS_CTRL GMX_CNS_NS_ACTIVE_LIST GMX_CNS_NS_DESC_LIST GMX_CNS_NS_ALLOC_LIST
 * GMX_CNS_NS_ALLOCATED GMX_CNS_CTRL_NS_LIST GMX_CNS_CTRL_LIST GMX_CNS_PRIMARY_CAPS GMX_CNS_SECONDARY_LIST
 * GMX_CNS_NS_GRANULARITY */
#include "admin.h"

#define ALL GMX_NSID_ALL

static const char three[] =
	"{\"functions\":2,\"capacity\":\"1G\",\"serial\":\"ABC123\",\"subnqn\":\"nqn.2026-01.test:one\",\"namespaces\":"
	"[{\"size\":\"64M\"},{\"size\":\"32M\",\"block\":4096},{\"size\":\"16M\"}]}";

static uint8_t page[GMX_IDENTIFY_SIZE];

static uint16_t identify(struct admin *a, unsigned int function, unsigned int cns, uint32_t nsid, unsigned int cntid)
{
	memset(page, 0xcc, sizeof(page));
	return ADMIN(a, .opcode = GMX_ADM_IDENTIFY, .function = function, .nsid = nsid, .cdw10 = cns | cntid << 16, .buf = page,
		     .len = sizeof(page));
}

static bool zeroes(const void *p, size_t len)
{
	const uint8_t *byte = p;

	while (len--) {
		if (*byte++)
			return false;
	}
	return true;
}

/* nsid 2 leaves function 0, nsid 3 is deleted: attached, allocated, free and invalid ones */
static void arrange(struct admin *a)
{
	__le16 list[2048] = { htole16(1), htole16(a->s->ctrls[0]->cntlid) };

	check(!ADMIN(a, .opcode = GMX_ADM_NS_ATTACH, .nsid = 2, .cdw10 = 1, .buf = list, .len = sizeof(list)), "detach 2");
	check(!ADMIN(a, .opcode = GMX_ADM_NS_MGMT, .nsid = 3, .cdw10 = 1), "delete 3");
}

static void test_status(void)
{
	static const uint32_t nsids[] = { 0, 1, 2, 3, 64, 65, ALL - 1, ALL };
	static const struct {
		uint8_t cns;
		uint16_t status[ARRAY_SIZE(nsids)];
	} table[] = {
#define S GMX_SC_SUCCESS
#define N GMX_SC_INVALID_NS
#define F GMX_SC_INVALID_FIELD
		/* nsid:		  0  1  2  3 64 65 -2 -1 */
		{ GMX_CNS_NS, { N, S, S, S, S, N, N, S } },
		{ GMX_CNS_CTRL, { S, S, S, S, S, S, S, S } },
		{ GMX_CNS_NS_ACTIVE_LIST, { S, S, S, S, S, S, N, N } },
		{ GMX_CNS_NS_DESC_LIST, { N, S, F, F, F, N, N, N } },
		{ GMX_CNS_NVMSET_LIST, { F, F, F, F, F, F, F, F } },
		{ GMX_CNS_CS_NS, { F, F, F, F, F, F, F, F } },
		{ GMX_CNS_CS_CTRL, { F, F, F, F, F, F, F, F } },
		{ 0x07, { F, F, F, F, F, F, F, F } },
		{ GMX_CNS_NS_INDEPENDENT, { F, F, F, F, F, F, F, F } },
		{ GMX_CNS_NS_ALLOC_LIST, { S, S, S, S, S, S, N, N } },
		{ GMX_CNS_NS_ALLOCATED, { N, S, S, S, S, N, N, N } },
		{ GMX_CNS_CTRL_NS_LIST, { N, S, S, F, F, N, N, F } },
		{ GMX_CNS_CTRL_LIST, { S, S, S, S, S, S, S, S } },
		{ GMX_CNS_PRIMARY_CAPS, { S, S, S, S, S, S, S, S } },
		{ GMX_CNS_SECONDARY_LIST, { S, S, S, S, S, S, S, S } },
		{ GMX_CNS_NS_GRANULARITY, { S, S, S, S, S, S, S, S } },
		{ GMX_CNS_UUID_LIST, { F, F, F, F, F, F, F, F } },
		{ 0x18, { F, F, F, F, F, F, F, F } },
		{ 0x80, { F, F, F, F, F, F, F, F } },
		{ 0xff, { F, F, F, F, F, F, F, F } },
#undef S
#undef N
#undef F
	};
	struct admin a;

	admin_open(&a, "g3", three);
	arrange(&a);
	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++) {
		for (unsigned int j = 0; j < ARRAY_SIZE(nsids); j++) {
			uint16_t status = identify(&a, 0, table[i].cns, nsids[j], 0);

			check(status == table[i].status[j], "CNS %02x, nsid %x: %03x, not %03x", table[i].cns, nsids[j], status,
			      table[i].status[j]);
			check(!status || a.dnr, "CNS %02x, nsid %x: without DNR", table[i].cns, nsids[j]);
		}
	}
	admin_close(&a);
	tap_group("statuses of CNS and NSID");

	for (const char *const *family = (const char *const[]){ "g1", "g2", NULL }; *family; family++) {
		admin_open(&a, *family, NULL);
		check(identify(&a, 0, GMX_CNS_PRIMARY_CAPS, 0, 0) == GMX_SC_INVALID_FIELD, "%s has no primary controller",
		      *family);
		check(identify(&a, 0, GMX_CNS_SECONDARY_LIST, 0, 0) == GMX_SC_INVALID_FIELD, "%s has no secondary ones", *family);
		admin_close(&a);
	}
	tap_group("virtualization is G3's alone");
}

static void test_ctrl_family(const char *family, const char *model, unsigned int mdts, bool hmb, bool sgl, bool virt)
{
	struct gmx_id_ctrl *id = (struct gmx_id_ctrl *)page;
	struct admin a;

	admin_open(&a, family,
		   "{\"serial\":\"ABC123\",\"subnqn\":\"nqn.2026-01.test:one\",\"capacity\":\"1G\","
		   "\"namespaces\":[{\"size\":\"256M\"}]}");
	check(!identify(&a, 0, GMX_CNS_CTRL, 0, 0), "status");
	check(le16toh(id->vid) == GMX_PCI_VENDOR && le16toh(id->ssvid) == GMX_PCI_VENDOR, "vendor");
	check(!memcmp(id->sn, "ABC123              ", 20), "serial number '%.20s'", id->sn);
	check(!strncmp(id->mn, model, strlen(model)) && id->mn[39] == ' ', "model '%.40s'", id->mn);
	check(!memcmp(id->fr, emu_fw_revision(a.s), 4), "revision '%.8s'", id->fr);
	check(!strcmp(id->subnqn, "nqn.2026-01.test:one") && zeroes(id->subnqn + 20, 236), "name '%s'", id->subnqn);
	check(id->ieee[2] == 0x52 && id->ieee[1] == 0x47 && id->ieee[0] == 0x4d, "OUI");
	check(le32toh(id->ver) == 0x10400, "version %x", id->ver);
	check(id->mdts == mdts, "MDTS %u", id->mdts);
	check(id->cntrltype == 1 && id->nvmsr == 1 && id->mec == 3, "kind of controller");
	check(id->sqes == 0x66 && id->cqes == 0x44, "entry sizes");
	check(le32toh(id->nn) == 64 && le32toh(id->mnan) == 64, "NN %u", id->nn);
	check(id->aerl == 7 && id->elpe == 63, "AERL %u, ELPE %u", id->aerl, id->elpe);
	check(le16toh(id->oacs) == (0x15f | (virt ? 0x80 : 0)) - (sgl ? 0 : 0x100), "OACS %03x", id->oacs);
	check(le16toh(id->oncs) == 0xdf, "ONCS %02x", id->oncs);
	check(le32toh(id->oaes) == 0x300, "OAES %x", id->oaes);
	check(id->lpa == 0x1e && le32toh(id->pels) == EMU_PELS, "LPA %x", id->lpa);
	check(!id->rpmbs && !id->fuses && !id->anacap && !id->nsetidmax && !id->endgidmax && !id->hctma, "what there is not");
	check(id->npss == 4 && id->apsta == 1, "power states");
	for (unsigned int i = 0; i < 5; i++) {
		check(id->psd[i].max_power && (i < 3) == !(id->psd[i].flags & GMX_PSD_NOPS), "power state %u", i);
		check(!i || le16toh(id->psd[i].max_power) < le16toh(id->psd[i - 1].max_power), "power state %u takes less", i);
		check(!i || le32toh(id->psd[i].exit_lat_us) > le32toh(id->psd[i - 1].exit_lat_us), "%u is left slower", i);
	}
	check(zeroes(&id->psd[5], 27 * sizeof(id->psd[0])), "no more power states");
	check(le16toh(id->wctemp) < le16toh(id->cctemp) && le16toh(id->wctemp) > 320, "temperatures");
	check(hmb == (le32toh(id->hmpre) != 0) && le32toh(id->hmmin) <= le32toh(id->hmpre), "host memory");
	check(!hmb || (le16toh(id->hmmaxd) == EMU_HMMAXD && le32toh(id->hmminds) == EMU_HMMINDS), "its descriptors");
	check(sgl == (le32toh(id->sgls) != 0), "SGLS %x", id->sgls);
	check(le16toh(id->awupf) == 3 && le16toh(id->awun) == 3, "AWUPF %u: of 4096 bytes", id->awupf);
	check(id->vwc == 7 && id->nwpc == 1, "VWC %x", id->vwc);
	check(id->frmw == (EMU_FW_SLOTS << 1 | 0x11) && id->fwug == 1, "FRMW %x", id->frmw);
	check(le16toh(id->kas) == EMU_KAS && le16toh(id->edstt) == EMU_EDSTT && id->dsto == 1, "timers");
	check(le32toh(id->sanicap) == emu_sanitize_caps(a.s->traits), "SANICAP %x", id->sanicap);
	check(!memcmp(id->tnvmcap, (uint8_t[16]){ 0, 0, 0, 0x40 }, 16), "total capacity");
	check(!memcmp(id->unvmcap, (uint8_t[16]){ 0, 0, 0, 0x30 }, 16), "unallocated capacity");
	check(!memcmp(id->vs, "GMXC", 4), "vendor page");
	check(id->cmic == (virt ? 2 : 0), "CMIC %x", id->cmic);
	admin_close(&a);
	tap_group(model);
}

static void test_two_functions(void)
{
	struct gmx_id_ctrl *id = (struct gmx_id_ctrl *)page;
	uint16_t cntlid[2];
	struct admin a;

	admin_open(&a, "g2", three);
	for (unsigned int f = 0; f < 2; f++) {
		check(!identify(&a, f, GMX_CNS_CTRL, 0, 0), "status");
		check(id->cmic == 3, "CMIC %x", id->cmic);
		cntlid[f] = le16toh(id->cntlid);
		check(!strcmp(id->subnqn, "nqn.2026-01.test:one"), "one subsystem");
	}
	check(cntlid[0] < cntlid[1] && cntlid[1] < 0xfff0, "controller ids %u, %u", cntlid[0], cntlid[1]);
	for (unsigned int f = 0; f < 2; f++) {
		__le16 *list = (__le16 *)page;

		check(!identify(&a, f, GMX_CNS_CTRL_LIST, 0, 0), "list");
		check(le16toh(list[0]) == 2 && le16toh(list[1]) == cntlid[0] && le16toh(list[2]) == cntlid[1], "both");
		check(zeroes(list + 3, 4000), "and no more");
		check(!identify(&a, f, GMX_CNS_CTRL_LIST, 0, cntlid[1]), "list from the second");
		check(le16toh(list[0]) == 1 && le16toh(list[1]) == cntlid[1], "the second");
		check(!identify(&a, f, GMX_CNS_CTRL_LIST, 0, cntlid[1] + 1u), "list from behind");
		check(zeroes(page, sizeof(page)), "none");
	}
	arrange(&a);
	for (uint32_t nsid = 1; nsid <= 2; nsid++) {
		__le16 *list = (__le16 *)page;

		check(!identify(&a, 0, GMX_CNS_CTRL_NS_LIST, nsid, 0), "controllers of %u", nsid);
		check(le16toh(list[0]) == 3 - nsid && le16toh(list[1]) == cntlid[nsid - 1], "those it is attached to");
	}
	admin_close(&a);
	tap_group("two functions of one subsystem");
}

static void expect_list(struct admin *a, unsigned int function, unsigned int cns, uint32_t from, const char *expected)
{
	char text[256] = "";

	check(!identify(a, function, cns, from, 0), "CNS %02x from %u", cns, from);
	for (unsigned int i = 0; i < GMX_NS_LIST_ENTRIES && ((__le32 *)page)[i]; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%u ", le32toh(((__le32 *)page)[i]));
	check(!strcmp(text, expected), "function %u, CNS %02x from %u: '%s', not '%s'", function, cns, from, text, expected);
}

static void test_lists(void)
{
	struct admin a;

	admin_open(&a, "g2", three);
	expect_list(&a, 0, GMX_CNS_NS_ACTIVE_LIST, 0, "1 2 3 ");
	expect_list(&a, 0, GMX_CNS_NS_ACTIVE_LIST, 1, "2 3 ");
	expect_list(&a, 0, GMX_CNS_NS_ACTIVE_LIST, 3, "");
	expect_list(&a, 0, GMX_CNS_NS_ACTIVE_LIST, 64, "");
	expect_list(&a, 0, GMX_CNS_NS_ACTIVE_LIST, 4000000000u, "");
	expect_list(&a, 0, GMX_CNS_NS_ALLOC_LIST, 0, "1 2 3 ");
	arrange(&a);
	expect_list(&a, 0, GMX_CNS_NS_ACTIVE_LIST, 0, "1 ");
	expect_list(&a, 1, GMX_CNS_NS_ACTIVE_LIST, 0, "1 2 ");
	expect_list(&a, 0, GMX_CNS_NS_ALLOC_LIST, 0, "1 2 ");
	expect_list(&a, 1, GMX_CNS_NS_ALLOC_LIST, 1, "2 ");
	admin_close(&a);
	tap_group("namespace lists");
}

static void check_ns(struct admin *a, unsigned int cns, uint32_t nsid, uint64_t bytes, unsigned int shift)
{
	struct gmx_id_ns *id = (struct gmx_id_ns *)page;
	unsigned int index, per_page = shift < 12 ? 1u << (12 - shift) : 1;

	check(!identify(a, 0, cns, nsid, 0), "nsid %u", nsid);
	index = GMX_FLBAS_INDEX(id->flbas);
	check(le64toh(id->nsze) == bytes >> shift && le64toh(id->ncap) == bytes >> shift, "size %llu",
	      (unsigned long long)le64toh(id->nsze));
	check(le64toh(id->nuse) <= le64toh(id->ncap), "use");
	check(index <= id->nlbaf && id->lbaf[index].ds == shift && !id->lbaf[index].ms, "format %u", index);
	check(id->nlbaf + 1u == emu_family_nr_lbaf(a->s->traits), "%u formats", id->nlbaf + 1);
	for (unsigned int i = 0; i < 64; i++)
		check((i <= id->nlbaf) == (id->lbaf[i].ds != 0), "format %u", i);
	check((id->nsfeat & 0x1b) == (GMX_NSFEAT_ATOMICS | GMX_NSFEAT_OPTPERF), "NSFEAT %x", id->nsfeat);
	check(le16toh(id->nawupf) + 1u == EMU_ATOMIC_BYTES >> shift && id->nawun == id->nawupf, "NAWUPF %u", id->nawupf);
	check(le16toh(id->npwg) + 1u == per_page && le16toh(id->npdg) + 1u == per_page, "NPWG %u", id->npwg);
	check(le16toh(id->nows) + 1u >= per_page, "NOWS %u", id->nows);
	check(!id->dpc && !id->dps, "no protection");
	check(id->fpi == 0x80, "FPI %x", id->fpi);
	check((id->dlfeat & 7) == 1 && id->dlfeat & 8, "DLFEAT %x", id->dlfeat);
	check(!zeroes(id->eui64, 8) && !zeroes(id->nguid, 16), "identity");
	check(!id->nsattr, "may be written");
	check(*(uint64_t *)id->nvmcap == htole64(bytes), "NVMCAP");
}

static void test_ns(void)
{
	struct gmx_id_ns *id = (struct gmx_id_ns *)page;
	struct admin a;

	admin_open(&a, "g3", three);
	check_ns(&a, GMX_CNS_NS, 1, 64u << 20, 9);
	check_ns(&a, GMX_CNS_NS, 2, 32u << 20, 12);
	check_ns(&a, GMX_CNS_NS_ALLOCATED, 2, 32u << 20, 12);
	arrange(&a);
	check(!identify(&a, 0, GMX_CNS_NS, 2, 0) && zeroes(page, sizeof(page)), "not attached: zeroes");
	check_ns(&a, GMX_CNS_NS_ALLOCATED, 2, 32u << 20, 12);
	check(!identify(&a, 0, GMX_CNS_NS, 3, 0) && zeroes(page, sizeof(page)), "deleted: zeroes");
	check(!identify(&a, 0, GMX_CNS_NS_ALLOCATED, 3, 0) && zeroes(page, sizeof(page)), "not allocated: zeroes");
	check(!identify(&a, 0, GMX_CNS_NS, ALL, 0), "what is common");
	check(!id->nsze && id->nlbaf + 1u == emu_family_nr_lbaf(a.s->traits) && id->lbaf[0].ds == 9, "formats, no size");
	admin_close(&a);
	tap_group("namespaces");
}

static void test_descs(void)
{
	struct gmx_id_ns id;
	unsigned int at = 0, seen = 0;
	struct admin a;

	admin_open(&a, "g3", three);
	check(!identify(&a, 0, GMX_CNS_NS, 1, 0), "namespace");
	memcpy(&id, page, sizeof(id));
	check(!identify(&a, 0, GMX_CNS_NS_DESC_LIST, 1, 0), "its descriptors");
	while (page[at + 1] && at < 1000) {
		seen |= 1u << page[at];
		check(page[at] != GMX_NIDT_EUI64 || (page[at + 1] == 8 && !memcmp(page + at + 4, id.eui64, 8)), "EUI-64");
		check(page[at] != GMX_NIDT_NGUID || (page[at + 1] == 16 && !memcmp(page + at + 4, id.nguid, 16)), "NGUID");
		check(page[at] != GMX_NIDT_UUID || page[at + 1] == 16, "UUID");
		at += 4u + page[at + 1];
	}
	check(seen == 0xe, "kinds seen: %x", seen);
	check(zeroes(page + at, sizeof(page) - at), "zeroes behind");
	admin_close(&a);
	tap_group("namespace identification descriptors");
}

static void test_others(void)
{
	struct gmx_primary_caps *caps = (struct gmx_primary_caps *)page;
	struct gmx_secondary_list *list = (struct gmx_secondary_list *)page;
	struct gmx_granularity *g = (struct gmx_granularity *)page;
	struct admin a;

	admin_open(&a, "g3", NULL);
	check(!identify(&a, 0, GMX_CNS_PRIMARY_CAPS, 0, 0), "primary");
	check(caps->cntlid == htole16(a.s->ctrls[0]->cntlid) && caps->crt == 3, "it is");
	check(le32toh(caps->vqfrt) + le16toh(caps->vqprt) == 129 && le32toh(caps->vifrt) + le16toh(caps->viprt) == 129, "sum");
	check(!caps->vqrfa && le16toh(caps->vqrfap) == le32toh(caps->vqfrt), "all is the primary's");
	check(!identify(&a, 0, GMX_CNS_SECONDARY_LIST, 0, 0), "secondary");
	check(list->nr == 8, "%u of them", list->nr);
	for (unsigned int i = 0; i < list->nr; i++) {
		check(le16toh(list->entry[i].vfn) == i + 1 && !list->entry[i].scs && !list->entry[i].nvq, "entry %u", i);
		check(list->entry[i].pcid == htole16(a.s->ctrls[0]->cntlid), "primary of %u", i);
		check(!i || le16toh(list->entry[i].scid) == le16toh(list->entry[i - 1].scid) + 1, "id of %u", i);
	}
	check(!identify(&a, 0, GMX_CNS_SECONDARY_LIST, 0, le16toh(list->entry[5].scid)), "from the sixth");
	check(list->nr == 3 && le16toh(list->entry[0].vfn) == 6, "three of them");
	check(!identify(&a, 0, GMX_CNS_SECONDARY_LIST, 0, 0xffff) && !list->nr, "from behind");
	check(!identify(&a, 0, GMX_CNS_NS_GRANULARITY, 0, 0), "granularity");
	check(!g->nr && le64toh(g->desc[0].size) == 4096 && le64toh(g->desc[0].capacity) == 4096, "4 KiB");
	admin_close(&a);
	tap_group("virtualization and granularity");
}

int main(void)
{
	test_status();
	test_ctrl_family("g1", "Gigamax G1", 5, false, false, false);
	test_ctrl_family("g2", "Gigamax G2", 7, true, true, false);
	test_ctrl_family("g3", "Gigamax G3", 7, true, true, true);
	test_two_functions();
	test_lists();
	test_ns();
	test_descs();
	test_others();
	return tap_done();
}
