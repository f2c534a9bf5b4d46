// SPDX-License-Identifier: GPL-2.0-or-later
/* Fault rules: what the host sees of each kind, which commands a rule matches, how often it fires. */
/* Covers: GMX_ADM_SELF_TEST GMX_NVM_DSM GMX_LOG_ERROR GMX_LOG_SELF_TEST GMX_LOG_TELEMETRY_HOST */
#include <fcntl.h>

#include "vnd.h"

static const char two[] =
	"{ \"functions\": 2, \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" }, { \"size\": \"1M\" } ] }";

static uint8_t buf[8192], other[8192];

static int post_read(uint32_t lba)
{
	return vnd_post(.opcode = GMX_NVM_READ, .queue = 1, .nsid = 1, .cdw10 = lba, .data = buf, .len = 512);
}

static uint16_t read_block(uint32_t lba)
{
	return nvm(.opcode = GMX_NVM_READ, .nsid = 1, .cdw10 = lba, .data = buf, .len = 512);
}

static void drop(void)
{
	int cid;

	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"read\",\"count\":1"), "rule");
	cid = post_read(0);
	vnd_advance(60000);
	check(!vnd_peek(0, 1), "no completion");
	check(!read_block(0), "the next one is completed");
	check(vnd_abort(1, (uint16_t)cid) == 1, "Abort does not find it");
	vnd_stop();
	tap_group("a dropped completion");
}

static void delay(void)
{
	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"read\",\"us\":7000"), "rule");
	post_read(0);
	vnd_advance(6);
	check(!vnd_peek(0, 1), "not before its time");
	vnd_advance(2);
	check(vnd_peek(0, 1), "but then");
	vnd_stop();
	vnd_start("g2", "{ \"latency\": \"ssd\" }");
	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"read\",\"us\":7000"), "rule");
	post_read(0);
	vnd_advance(6);
	check(!vnd_peek(0, 1), "also where the medium takes its time");
	vnd_advance(3);
	check(vnd_peek(0, 1), "but then");
	vnd_stop();
	tap_group("a late completion");
}

/* Commands that end when something else is done: late from then on */
static void delay_of_long_ones(void)
{
	uint16_t status;
	int cid;

	vnd_start("g2", "{ \"time_warp\": true }");
	vnd_quiet();
	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"asynchronous event request\",\"us\":700000,\"count\":1"),
	      "rule");
	vnd_post_events(2);
	check(vnd_ok("temperature", "\"kelvin\":360"), "hot");
	vnd_advance(690);
	check(vnd_event() == NO_EVENT, "the event waits");
	emu_error_report(vnd_fn[0].ctrl, GMX_AEN_ERROR_DIAG, 0xffff, GMX_SC_INTERNAL);
	check(GMX_AEN_TYPE(vnd_event()) == GMX_AEN_ERROR, "the next one does not");
	vnd_advance(20);
	check(GMX_AEN_TYPE(vnd_event()) == GMX_AEN_SMART, "then it comes");

	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"format nvm\",\"us\":700000,\"count\":2"), "rule");
	cid = vnd_post(.opcode = GMX_ADM_FORMAT, .nsid = 1);
	vnd_advance(690);
	check(!vnd_peek(0, 0) && !read_block(0), "a format is done, and not answered");
	vnd_advance(20);
	check(vnd_peek(0, 0) && le16toh(vnd_reap(0, 0).cid) == cid, "then it is");
	cid = vnd_post(.opcode = GMX_ADM_FORMAT, .nsid = 1);
	vnd_advance(690);
	check(vnd_abort(0, (uint16_t)cid) == 0, "another is aborted meanwhile");
	check(vnd_peek(0, 0) && le16toh(vnd_reap(0, 0).cid) == cid, "and is not late");

	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"firmware commit\",\"us\":700000,\"count\":1"), "rule");
	cid = vnd_post(.opcode = GMX_ADM_FW_COMMIT, .cdw10 = GMX_FW_ACTIVATE << 3 | 1);
	vnd_advance(690);
	check(!vnd_peek(0, 0), "a commit is late");
	vnd_advance(20);
	status = vnd_peek(0, 0) ? le16toh(vnd_reap(0, 0).status) >> 1 : 0xffff;
	check(!status, "then it is done: %04x", status);
	vnd_enable(0);
	check(!read_block(0), "and all is well");
	vnd_stop();
	tap_group("a late completion of event requests, formats and commits");
}

static void identifiers(void)
{
	struct gmx_cqe cqe;
	int cid, first;

	vnd_start("g2", NULL);
	first = post_read(0);
	vnd_advance(1);
	check(vnd_peek(0, 1) && le16toh(vnd_reap(0, 1).cid) == first, "a good one");
	check(vnd_ok("fault-add", "\"kind\":\"wrong-cid\",\"opcode\":\"read\",\"count\":1"), "rule");
	cid = post_read(0);
	vnd_advance(1);
	check(vnd_peek(0, 1), "a completion");
	cqe = vnd_reap(0, 1);
	check(le16toh(cqe.cid) != cid, "with an identifier that it does not have");
	check(vnd_ok("fault-add", "\"kind\":\"stale-cid\",\"opcode\":\"read\",\"count\":1"), "rule");
	cid = post_read(0);
	vnd_advance(1);
	check(vnd_peek(0, 1), "a completion");
	cqe = vnd_reap(0, 1);
	check(le16toh(cqe.cid) != cid && le16toh(cqe.cid) <= (unsigned int)cid, "with one that was completed before: %u",
	      le16toh(cqe.cid));
	vnd_stop();
	tap_group("wrong and stale command identifiers");
}

static void twice(void)
{
	int cid;

	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"double\",\"opcode\":\"read\",\"nth\":2"), "rule");
	check(!read_block(0), "the first");
	cid = post_read(0);
	vnd_advance(1);
	check(vnd_peek(0, 1) && le16toh(vnd_reap(0, 1).cid) == cid, "once");
	check(vnd_peek(0, 1) && le16toh(vnd_reap(0, 1).cid) == cid, "and again");
	check(!vnd_peek(0, 1), "not thrice");
	check(!read_block(0), "then all is well");
	vnd_stop();
	tap_group("a completion that comes twice");
}

static void phase(void)
{
	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"wrong-phase\",\"opcode\":\"read\",\"count\":1"), "rule");
	post_read(0);
	vnd_advance(10);
	check(!vnd_peek(0, 1), "the host does not see it");
	vnd_stop();
	tap_group("a completion of the wrong phase");
}

static void interrupts(void)
{
	unsigned int before;

	vnd_start("g2", NULL);
	before = vnd_irqs(0, 1);
	post_read(0);
	vnd_advance(1);
	check(vnd_irqs(0, 1) == before + 1, "an interrupt");
	vnd_reap(0, 1);
	check(vnd_ok("fault-add", "\"kind\":\"no-irq\",\"opcode\":\"read\",\"count\":1"), "rule");
	post_read(0);
	vnd_advance(10);
	check(vnd_peek(0, 1) && vnd_irqs(0, 1) == before + 1, "a completion without an interrupt");
	vnd_reap(0, 1);
	check(vnd_ok("fault-add", "\"kind\":\"irq-lost\",\"vector\":1,\"count\":2"), "rule");
	for (unsigned int i = 0; i < 3; i++) {
		post_read(0);
		vnd_advance(10);
		check(vnd_peek(0, 1) && vnd_irqs(0, 1) == before + 1 + (i == 2), "interrupt %u", i);
		vnd_reap(0, 1);
	}
	check(vnd_ok("fault-add", "\"kind\":\"irq-lost\",\"vector\":0"), "rule for the other vector");
	post_read(0);
	vnd_advance(1);
	check(vnd_irqs(0, 1) == before + 3, "comes");
	vnd_stop();
	tap_group("lost interrupts");
}

static void status(void)
{
	struct gmx_log_error *log = (struct gmx_log_error *)other;

	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"status\",\"status\":\"0x4281\",\"opcode\":\"read\",\"lba\":100,\"blocks\":10"),
	      "rule");
	check(!read_block(99) && !read_block(110), "beside it");
	check(read_block(100) == 0x4281 && read_block(109) == 0x4281, "in it");
	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = 1, .cdw10 = 100, .data = buf, .len = 512), "a write");
	check(!vnd_log(GMX_LOG_ERROR, 0, other, 64) && log->status == htole16(0x4281 << 1), "in the error log");
	check(vnd_ok("fault-add", "\"kind\":\"status\",\"status\":6,\"opcode\":\"identify\",\"count\":1"),
	      "rule for an admin command");
	check(vnd_identify(GMX_CNS_CTRL, 0, other) == 6 && !vnd_identify(GMX_CNS_CTRL, 0, other), "once");
	vnd_stop();
	tap_group("a status of choice");
}

static void hang(void)
{
	int cid;

	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"hang\",\"opcode\":\"read\",\"nth\":2"), "rule");
	check(!read_block(0), "the first");
	cid = post_read(0);
	vnd_advance(60000);
	check(!vnd_peek(0, 1), "the second hangs");
	check(!read_block(0), "the third does not");
	check(vnd_abort(1, (uint16_t)cid) == 0, "aborted");
	vnd_advance(1);
	check(vnd_peek(0, 1) && le16toh(vnd_reap(0, 1).cid) == cid, "and so completed");
	vnd_stop();
	tap_group("a command that hangs");
}

/* A rule with this match, and whether it fires for each of these commands */
static void matches(void)
{
	enum { READ_A, READ_B, READ_NS2, WRITE, FLUSH, IDENTIFY, SECOND, NR };
	static const struct {
		const char *match;
		uint8_t fires;
	} rules[] = {
		{ "", 0x7f },
		{ ",\"set\":\"io\"", 0x5f },
		{ ",\"set\":\"admin\"", 0x20 },
		{ ",\"queue\":0", 0x20 },
		{ ",\"queue\":1", 0x5f },
		{ ",\"queue\":2", 0 },
		{ ",\"opcode\":\"read\"", 0x47 },
		{ ",\"opcode\":\"READ\"", 0x47 },
		{ ",\"opcode\":2,\"set\":\"io\"", 0x47 },
		{ ",\"opcode\":\"0x02\",\"set\":\"io\"", 0x47 },
		{ ",\"opcode\":\"write\"", 0x08 },
		{ ",\"opcode\":\"flush\"", 0x10 },
		{ ",\"opcode\":6,\"set\":\"admin\"", 0x20 },
		{ ",\"opcode\":6,\"queue\":0", 0x20 },
		{ ",\"nsid\":2", 0x04 },
		{ ",\"nsid\":1,\"set\":\"io\"", 0x5b },
		{ ",\"controller\":1", 0x40 },
		{ ",\"controller\":0", 0x3f },
		{ ",\"lba\":0", 0x4d },
		{ ",\"lba\":1", 0 },
		{ ",\"lba\":50,\"blocks\":50", 0 },
		{ ",\"lba\":107", 0x02 },
		{ ",\"lba\":108", 0 },
		{ ",\"lba\":0,\"blocks\":4294967295", 0x4f },
		{ ",\"lba\":99,\"blocks\":2", 0x02 },
		{ ",\"lba\":\"0x7fffffffffffffff\"", 0 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(rules); i++) {
		char keys[160];

		vnd_start("g2", two);
		snprintf(keys, sizeof(keys), "\"kind\":\"status\",\"status\":6%s", rules[i].match);
		check(vnd_ok("fault-add", keys), "%s", keys);
		for (unsigned int k = 0; k < NR; k++) {
			uint16_t got = k == IDENTIFY ? vnd_identify(GMX_CNS_CTRL, 0, other)
				       : k == FLUSH  ? nvm(.opcode = GMX_NVM_FLUSH, .nsid = 1)
				       : k == WRITE
					       ? nvm(.opcode = GMX_NVM_WRITE, .nsid = 1, .data = buf, .len = 512)
					       : nvm(.function = k == SECOND, .opcode = GMX_NVM_READ,
						     .nsid = k == READ_NS2 ? 2 : 1, .cdw10 = k == READ_B ? 100 : 0,
						     .cdw12 = k == READ_B ? 7 : 0, .data = buf, .len = k == READ_B ? 4096 : 512);

			check(!!got == (rules[i].fires >> k & 1), "%s: command %u gets %04x", rules[i].match, k, got);
		}
		vnd_stop();
	}
	tap_group("which commands a rule matches");
}

static uint16_t trim(uint64_t lba, uint32_t nr)
{
	struct gmx_dsm_range ranges[3] = { { .nlb = htole32(8) },
					   { .nlb = htole32(nr), .slba = htole64(lba) },
					   { .slba = htole64(200) } };

	return nvm(.opcode = GMX_NVM_DSM, .nsid = 1, .cdw10 = ARRAY_SIZE(ranges) - 1, .cdw11 = GMX_DSM_AD, .data = ranges,
		   .len = sizeof(ranges));
}

static void matches_ranges(void)
{
	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"status\",\"status\":6,\"opcode\":\"dataset management\",\"lba\":100,\"blocks\":10"),
	      "rule");
	check(!trim(90, 10) && !trim(110, 10) && !trim(105, 0), "none of its ranges");
	check(trim(99, 2) == 6 && trim(109, 1) == 6 && trim(50, 100) == 6, "one of its ranges");
	check(vnd_ok("fault-clear", "\"all\":true"), "clear");
	check(vnd_ok("fault-add", "\"kind\":\"status\",\"status\":6,\"lba\":205"), "rule for any command");
	check(!trim(200, 5) && trim(200, 6) == 6 && read_block(205) == 6 && !read_block(204), "whatever touches the block");
	check(!nvm(.opcode = GMX_NVM_FLUSH, .nsid = 1), "a flush touches none");
	vnd_stop();
	tap_group("rules for blocks, and the ranges of Dataset Management");
}

static unsigned int failures(const char *limits, unsigned int of)
{
	unsigned int nr = 0;
	char keys[160];

	snprintf(keys, sizeof(keys), "\"kind\":\"status\",\"status\":6,\"opcode\":\"read\"%s", limits);
	check(vnd_ok("fault-add", keys), "%s", keys);
	while (of--)
		nr += read_block(0) == 6;
	check(vnd_ok("fault-clear", "\"all\":true"), "clear");
	return nr;
}

static void limits(void)
{
	unsigned int some, same;

	vnd_start("g2", NULL);
	check(failures("", 20) == 20, "always");
	check(failures(",\"count\":3", 20) == 3, "three times");
	check(failures(",\"nth\":5", 4) == 0, "not before the fifth");
	check(failures(",\"nth\":5", 20) == 1, "the fifth");
	check(failures(",\"nth\":5,\"count\":4", 20) == 4, "from the fifth on, four");
	check(failures(",\"probability\":1", 20) == 20, "surely");
	check(vnd_ok("seed", "\"seed\":4711"), "seed");
	some = failures(",\"probability\":0.3", 400);
	check(some > 80 && some < 160, "three in ten: %u of 400", some);
	check(vnd_ok("seed", "\"seed\":4711"), "seed");
	same = failures(",\"probability\":0.3", 400);
	check(some == same, "the same seed: %u, %u", some, same);
	check(failures(",\"probability\":0.5,\"count\":2", 100) == 2, "probability and count");
	check(failures(",\"after_ms\":10", 5) == 0, "not yet");
	check(vnd_ok("fault-add", "\"kind\":\"status\",\"status\":6,\"opcode\":\"read\",\"after_ms\":10"), "later");
	vnd_advance(9);
	check(!read_block(0), "not yet");
	vnd_advance(2);
	check(read_block(0) == 6, "now");
	vnd_stop();
	tap_group("how often a rule fires");
}

static void together(void)
{
	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"read\",\"us\":5000"), "late");
	check(vnd_ok("fault-add", "\"kind\":\"delay\",\"opcode\":\"read\",\"us\":5000"), "and later");
	check(vnd_ok("fault-add", "\"kind\":\"double\",\"opcode\":\"read\""), "and twice");
	post_read(0);
	vnd_advance(9);
	check(!vnd_peek(0, 1), "both delays");
	vnd_advance(2);
	check(vnd_peek(0, 1), "then it comes");
	vnd_reap(0, 1);
	check(vnd_peek(0, 1), "and again");
	vnd_stop();
	tap_group("several rules for one command");
}

static void lists(void)
{
	json_object *answer, *rule;

	vnd_start("g2", NULL);
	answer = vnd_ask("{\"command\":\"fault-list\"}");
	check(vnd_flag(answer, "ok") && !vnd_entry(answer, "rules", 0), "none yet");
	json_object_put(answer);
	check(vnd_ok("fault-add", "\"kind\":\"status\",\"status\":6,\"opcode\":\"read\",\"count\":2"), "first");
	check(vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"flush\",\"after_ms\":5000"), "second");
	check(read_block(0) == 6 && read_block(0) == 6 && !read_block(0), "two of three");
	answer = vnd_ask("{\"command\":\"fault-list\"}");
	rule = vnd_entry(answer, "rules", 0);
	check(vnd_number(rule, "id") == 1 && !strcmp(vnd_text(rule, "kind"), "status") &&
		      !strcmp(vnd_text(rule, "opcode"), "read") && vnd_number(rule, "fired") == 2 &&
		      !strcmp(vnd_text(rule, "state"), "spent"),
	      "first: %s", json_object_to_json_string(rule));
	rule = vnd_entry(answer, "rules", 1);
	check(vnd_number(rule, "id") == 2 && !strcmp(vnd_text(rule, "state"), "waiting") && !vnd_number(rule, "fired"),
	      "second: %s", json_object_to_json_string(rule));
	json_object_put(answer);
	check(vnd_ok("fault-clear", "\"id\":1") && !vnd_ok("fault-clear", "\"id\":1") && vnd_ok("fault-clear", "\"id\":2"),
	      "one by one");
	for (unsigned int i = 0; i < 256; i++)
		check(vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"flush\""), "rule %u", i);
	check(!vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"flush\""), "there is an end of it");
	check(vnd_ok("fault-clear", "\"all\":true") && vnd_ok("fault-add", "\"kind\":\"drop\",\"opcode\":\"flush\""),
	      "room again");
	vnd_stop();
	tap_group("rules are listed and removed");
}

static void bad_rules(void)
{
	static const struct {
		const char *keys, *names;
	} bad[] = {
		{ "\"kind\":7", "\"kind\"" },
		{ "\"kind\":\"drop\",\"us\":5", "\"us\"" },
		{ "\"kind\":\"delay\"", "\"us\"" },
		{ "\"kind\":\"delay\",\"us\":0", "\"us\"" },
		{ "\"kind\":\"status\"", "\"status\"" },
		{ "\"kind\":\"status\",\"status\":0", "\"status\"" },
		{ "\"kind\":\"status\",\"status\":32768", "\"status\"" },
		{ "\"kind\":\"drop\",\"opcode\":2", "\"set\"" },
		{ "\"kind\":\"drop\",\"opcode\":256,\"set\":\"io\"", "\"opcode\"" },
		{ "\"kind\":\"drop\",\"opcode\":\"teleport\"", "\"opcode\"" },
		{ "\"kind\":\"drop\",\"opcode\":\"identify\",\"set\":\"io\"", "\"opcode\"" },
		{ "\"kind\":\"drop\",\"set\":\"both\"", "\"admin\"" },
		{ "\"kind\":\"drop\",\"queue\":129", "\"queue\"" },
		{ "\"kind\":\"drop\",\"nsid\":0", "\"nsid\"" },
		{ "\"kind\":\"drop\",\"blocks\":5", "\"lba\"" },
		{ "\"kind\":\"drop\",\"lba\":-1", "\"lba\"" },
		{ "\"kind\":\"drop\",\"lba\":1,\"opcode\":\"flush\"", "\"lba\"" },
		{ "\"kind\":\"drop\",\"lba\":1,\"opcode\":\"identify\"", "\"lba\"" },
		{ "\"kind\":\"drop\",\"lba\":1,\"opcode\":2,\"queue\":0", "\"lba\"" },
		{ "\"kind\":\"drop\",\"lba\":1,\"set\":\"admin\"", "\"lba\"" },
		{ "\"kind\":\"drop\",\"count\":0", "\"count\"" },
		{ "\"kind\":\"drop\",\"nth\":0", "\"nth\"" },
		{ "\"kind\":\"drop\",\"probability\":0", "\"probability\"" },
		{ "\"kind\":\"drop\",\"probability\":1.01", "\"probability\"" },
		{ "\"kind\":\"drop\",\"probability\":\"half\"", "\"probability\"" },
		{ "\"kind\":\"drop\",\"controller\":9", "\"controller\"" },
		{ "\"kind\":\"irq-lost\",\"vector\":2048", "\"vector\"" },
		{ "\"kind\":\"irq-lost\",\"opcode\":\"read\"", "\"opcode\"" },
		{ "\"kind\":\"corrupt\"", "\"what\"" },
		{ "\"kind\":\"corrupt\",\"what\":\"data\"", "\"what\"" },
		{ "\"kind\":\"corrupt\",\"what\":\"log\",\"bytes\":65", "\"bytes\"" },
		{ "\"kind\":\"self-test\",\"segment\":0", "\"segment\"" },
		{ "\"kind\":\"fw-activation\",\"controller\":0", "\"controller\"" },
		{ "\"kind\":\"spare\",\"nth\":3", "\"percent\"" },
		{ "\"kind\":\"gone\",\"lba\":5", "\"lba\"" },
	};

	vnd_start("g2", NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		char line[200];
		json_object *answer;

		snprintf(line, sizeof(line), "{\"command\":\"fault-add\",%s}", bad[i].keys);
		answer = vnd_ask(line);
		check(!vnd_flag(answer, "ok") && strstr(vnd_text(answer, "error"), bad[i].names), "%s: %s", bad[i].keys,
		      vnd_text(answer, "error"));
		json_object_put(answer);
	}
	check(!read_block(0), "none of them is there");
	vnd_stop();
	tap_group("rules that make no sense");
}

static void corrupt(void)
{
	struct gmx_id_ctrl *id = (struct gmx_id_ctrl *)buf, *good = (struct gmx_id_ctrl *)other;
	unsigned int differ = 0;

	vnd_start("g2", NULL);
	check(!vnd_identify(GMX_CNS_CTRL, 0, other), "as it should be");
	check(vnd_ok("fault-add", "\"kind\":\"corrupt\",\"what\":\"identify:01\",\"offset\":77,\"value\":200,\"count\":1"),
	      "MDTS");
	check(!vnd_identify(GMX_CNS_NS, 1, buf) && !vnd_identify(GMX_CNS_CTRL, 0, buf), "identify");
	check(id->mdts == 200, "another MDTS");
	id->mdts = good->mdts;
	check(!memcmp(id, good, sizeof(*id)), "and nothing else");
	check(!vnd_identify(GMX_CNS_CTRL, 0, buf) && id->mdts == good->mdts, "once");
	check(vnd_ok("fault-add",
		     "\"kind\":\"corrupt\",\"what\":\"identify\",\"offset\":516,\"value\":\"0xffffffff\",\"bytes\":4,\"count\":1"),
	      "NN");
	check(!vnd_identify(GMX_CNS_CTRL, 0, buf) && le32toh(id->nn) == 0xffffffff, "four bytes");
	check(vnd_ok("fault-add", "\"kind\":\"corrupt\",\"what\":\"identify:01\",\"bytes\":3,\"count\":1"), "random");
	check(!vnd_identify(GMX_CNS_CTRL, 0, buf), "identify");
	for (unsigned int i = 0; i < 4096; i++)
		differ += buf[i] != other[i];
	check(differ == 3, "%u bytes differ", differ);
	check(vnd_ok("fault-add", "\"kind\":\"corrupt\",\"what\":\"log:02\",\"offset\":3,\"value\":0"), "spare of SMART");
	check(!vnd_log(GMX_LOG_SMART, 0, buf, 512) && buf[3] == 0, "log page");
	check(!vnd_log(GMX_VND_LOG_HEALTH, 0, buf, 512) && buf[3] == 1, "another log page");
	check(vnd_ok("fault-add", "\"kind\":\"corrupt\",\"what\":\"log\",\"offset\":100000,\"value\":0"), "beyond the end");
	check(!vnd_log(GMX_LOG_SMART, 0, buf, 512), "does nothing");
	vnd_stop();
	tap_group("corrupt identify and log data");
}

static void triggers(void)
{
	static const struct {
		const char *keys;
		uint32_t set, clear;
	} fatal[] = {
		{ "\"kind\":\"fatal\"", GMX_CSTS_CFS, 0 },
		{ "\"kind\":\"gone\"", 0xffffffff, 0 },
	};
	struct gmx_log_smart smart;

	for (unsigned int i = 0; i < ARRAY_SIZE(fatal); i++) {
		char keys[100];

		vnd_start("g2", NULL);
		snprintf(keys, sizeof(keys), "%s,\"opcode\":\"read\",\"nth\":3", fatal[i].keys);
		check(vnd_ok("fault-add", keys), "%s", keys);
		check(!read_block(0) && !read_block(0) && vnd_reg(0, GMX_REG_CSTS) == GMX_CSTS_RDY, "two are fine");
		post_read(0);
		post_read(0);
		vnd_advance(10);
		check((vnd_reg(0, GMX_REG_CSTS) & fatal[i].set) == fatal[i].set, "%s: CSTS %08x", keys, vnd_reg(0, GMX_REG_CSTS));
		check(!vnd_peek(0, 1), "nothing more is completed");
		if (vnd_gone(0))
			check(vnd_ok("back", ""), "back");
		vnd_enable(0);
		check(!read_block(0), "works after a reset");
		vnd_stop();
	}
	vnd_start("g2", NULL);
	check(vnd_ok("fault-add", "\"kind\":\"hang-controller\",\"opcode\":\"read\",\"nth\":2"), "hang at the second");
	check(!read_block(0), "the first");
	post_read(0);
	post_read(0);
	vnd_advance(60000);
	check(!vnd_peek(0, 1), "nothing comes any more");
	check(vnd_ok("unhang", ""), "unhang");
	vnd_advance(1);
	check(le16toh(vnd_reap(0, 1).cid) != 0xffff && le16toh(vnd_reap(0, 1).cid) != 0xffff, "both come");
	check(!read_block(0), "works again");
	check(vnd_ok("fault-add", "\"kind\":\"spare\",\"percent\":4,\"after_ms\":100"), "spare, later");
	check(vnd_ok("fault-add", "\"kind\":\"temperature\",\"kelvin\":350,\"opcode\":\"write\""), "heat with a write");
	check(!vnd_log(GMX_LOG_SMART, 0, &smart, sizeof(smart)) && smart.avail_spare == 100 && !smart.critical_warning,
	      "not yet");
	vnd_advance(101);
	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = 1, .data = buf, .len = 512), "write");
	vnd_advance(1);
	check(!vnd_log(GMX_LOG_SMART, 0, &smart, sizeof(smart)) && smart.avail_spare == 4 &&
		      smart.critical_warning == (GMX_SMART_SPARE | GMX_SMART_TEMPERATURE),
	      "now: %02x", smart.critical_warning);
	vnd_stop();
	tap_group("actions that a command triggers");
}

static void firmware_and_self_test(void)
{
	struct gmx_log_selftest log;
	unsigned int i;

	vnd_start("g2", "{ \"time_warp\": true }");
	check(vnd_ok("fault-add", "\"kind\":\"self-test\",\"segment\":3,\"count\":1"), "rule");
	for (unsigned int round = 0; round < 2; round++) {
		check(!admin(.opcode = GMX_ADM_SELF_TEST, .nsid = GMX_NSID_ALL, .cdw10 = GMX_SELFTEST_SHORT), "self-test");
		for (i = 0; i < 1000; i++) {
			vnd_advance(100);
			check(!vnd_log(GMX_LOG_SELF_TEST, 0, &log, sizeof(log)), "log page");
			if (!(log.running & 0xf))
				break;
		}
		check(i < 1000 && (log.result[0].status & 0xf) == (round ? GMX_SELFTEST_PASSED : GMX_SELFTEST_FAILED),
		      "round %u: status %02x segment %u", round, log.result[0].status, log.result[0].segment);
		check(round || log.result[0].segment == 3, "segment %u", log.result[0].segment);
	}
	vnd_stop();
	tap_group("a self-test that fails");
}

static uint8_t captured[256 << 10];

/* A telemetry page into captured; it is created with the flags. */
static void capture(unsigned int page, uint32_t flags)
{
	memset(captured, 0, sizeof(captured));
	check(!admin(.opcode = GMX_ADM_GET_LOG, .cdw10 = page | flags | 127 << 16, .data = captured, .len = 512), "capture");
	for (unsigned int at = 512; at < sizeof(captured) && !vnd_log((uint8_t)page, at, captured + at, 512); at += 512)
		;
}

/* How often the section of faults has it */
static unsigned int faults_named(const char *text)
{
	const struct gmx_vnd_telemetry_header *head = (struct gmx_vnd_telemetry_header *)(captured + 512);

	for (unsigned int i = 0; i < head->nr_sections; i++) {
		const struct gmx_vnd_telemetry_section *sec = &head->section[i];
		const struct gmx_vnd_telemetry_fault *f = (void *)(captured + 512 + le32toh(sec->offset));

		for (unsigned int n = 0; le16toh(sec->kind) == GMX_VND_TELEMETRY_FAULTS && n < le32toh(sec->count); n++) {
			if (!strcmp(f[n].text, text))
				return le32toh(f[n].count);
		}
	}
	return 0;
}

static void telemetry(void)
{
	static const struct {
		const char *verb, *keys, *named;
	} verbs[] = {
		{ "temperature", "\"kelvin\":360", "temperature (command)" },
		{ "spare", "\"percent\":5", "spare (command)" },
		{ "media-error", "\"nsid\":1,\"lba\":7", "media-error (command)" },
		{ "drive-fail", "\"drive\":0", "drive-fail (command)" },
		{ "storm", "\"events\":3", "storm (command)" },
		{ "link-error", "\"severity\":\"fatal\"", "link-error (command)" },
		{ "hang", "\"controller\":1", "hang-controller (command)" },
		{ "hang-controller", "\"controller\":1", "hang-controller (command)" },
		{ "gone", "\"controller\":1", "gone (command)" },
		{ "fatal", "\"controller\":1", "fatal (command)" },
	};

	vnd_start("g2", two);
	check(vnd_ok("fault-add", "\"kind\":\"double\",\"opcode\":\"read\",\"count\":1"), "rule");
	post_read(0);
	vnd_advance(1);
	capture(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	check(faults_named("double (rule 1)") == 1, "telemetry names the rule that fired");
	for (unsigned int i = 0; i < ARRAY_SIZE(verbs); i++) {
		/* what an earlier one made the controller keep is taken, so that it keeps the last */
		capture(GMX_LOG_TELEMETRY_CTRL, 0);
		check(vnd_ok(verbs[i].verb, verbs[i].keys), "%s", verbs[i].verb);
		capture(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
		check(faults_named(verbs[i].named) == (strcmp(verbs[i].verb, "hang-controller") ? 1 : 2), "it names %s",
		      verbs[i].named);
	}
	capture(GMX_LOG_TELEMETRY_CTRL, 0);
	check(faults_named("fatal (command)") == 1, "so does what the controller kept when it died");
	check(vnd_ok("drive-repair", "\"drive\":0") && vnd_ok("back", "\"controller\":1") &&
		      vnd_ok("unhang", "\"controller\":1") && vnd_ok("temperature", "\"kelvin\":0") &&
		      vnd_ok("media-error", "\"nsid\":1,\"lba\":7,\"clear\":true") &&
		      !vnd_ok("media-error", "\"nsid\":9,\"lba\":7"),
	      "all is well again");
	capture(GMX_LOG_TELEMETRY_HOST, GMX_TELEMETRY_CREATE);
	check(!faults_named("drive-repair (command)") && !faults_named("back (command)") && !faults_named("unhang (command)") &&
		      faults_named("temperature (command)") == 1 && faults_named("media-error (command)") == 1,
	      "which is no fault");
	vnd_stop();
	tap_group("telemetry names the fault");
}

static void plans(void)
{
	char path[64], config[160];
	int fd;

	vnd_start("g2", "{ \"faults\": [ { \"kind\": \"status\", \"status\": 6, \"opcode\": \"read\", \"count\": 1 } ] }");
	check(read_block(0) == 6 && !read_block(0), "from the configuration");
	vnd_stop();
	snprintf(path, sizeof(path), "/tmp/gmx-plan-XXXXXX");
	fd = mkstemp(path);
	check(fd >= 0 && dprintf(fd, "[ { \"kind\": \"status\", \"status\": 7, \"opcode\": \"read\", \"nth\": 2 } ]\n") > 0,
	      "plan");
	snprintf(config, sizeof(config), "{ \"plan\": \"%s\" }", path);
	vnd_start("g2", config);
	check(!read_block(0) && read_block(0) == 7 && !read_block(0), "from the plan");
	vnd_stop();
	check(!ftruncate(fd, 0) && pwrite(fd, "[ { \"kind\": \"zap\" } ]", 20, 0) == 20, "another plan");
	check(vnd_refused("g2", config), "a bad rule refuses the start");
	check(!ftruncate(fd, 0) && pwrite(fd, "{", 1, 0) == 1, "another plan");
	check(vnd_refused("g2", config), "no JSON");
	unlink(path);
	close(fd);
	check(vnd_refused("g2", config), "no such plan");
	check(vnd_refused("g2", "{ \"faults\": [ { \"kind\": \"drop\", \"us\": 1 } ] }"), "a bad rule in the configuration");
	check(vnd_refused("g2", "{ \"faults\": [ 7 ] }"), "no rule in the configuration");
	tap_group("rules of the configuration and of a plan");
}

int main(void)
{
	drop();
	delay();
	delay_of_long_ones();
	identifiers();
	twice();
	phase();
	interrupts();
	status();
	hang();
	matches();
	matches_ranges();
	limits();
	together();
	lists();
	bad_rules();
	corrupt();
	triggers();
	firmware_and_self_test();
	telemetry();
	plans();
	return tap_done();
}
