// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket's commands, as one who sends them and as the host that feels them. */
/* Covers: GMX_LOG_SMART GMX_LOG_CHANGED_NS GMX_VND_LOG_POWER */
#include "vnd.h"

static const char two[] =
	"{ \"functions\": 2, \"capacity\": \"16M\", \"namespaces\": [ { \"size\": \"1M\" }, { \"size\": \"1M\" } ] }";

static uint8_t buf[4096];

static uint16_t read_block(unsigned int function, uint32_t nsid)
{
	return nvm(.function = function, .opcode = GMX_NVM_READ, .nsid = nsid, .data = buf, .len = 512);
}

static void errors(void)
{
	static const struct {
		const char *line, *names;
	} bad[] = {
		{ "", "JSON" },
		{ "{", "JSON" },
		{ "nonsense", "JSON" },
		{ "[]", "object" },
		{ "7", "object" },
		{ "null", "object" },
		{ "{}", "\"command\"" },
		{ "{\"command\":7}", "\"command\"" },
		{ "{\"command\":null}", "\"command\"" },
		{ "{\"command\":\"explode\"}", "help" },
		{ "{\"command\":\"status\",\"x\":1}", "\"x\"" },
		{ "{\"command\":\"help\",\"verbose\":true}", "\"verbose\"" },
		{ "{\"command\":\"temperature\"}", "\"kelvin\"" },
		{ "{\"command\":\"temperature\",\"kelvin\":501}", "0 to 500" },
		{ "{\"command\":\"temperature\",\"kelvin\":-1}", "0 to 500" },
		{ "{\"command\":\"temperature\",\"kelvin\":\"hot\"}", "0 to 500" },
		{ "{\"command\":\"temperature\",\"kelvin\":300,\"celsius\":1}", "\"celsius\"" },
		{ "{\"command\":\"spare\"}", "\"percent\"" },
		{ "{\"command\":\"spare\",\"percent\":101}", "0 to 100" },
		{ "{\"command\":\"drive-fail\"}", "\"drive\"" },
		{ "{\"command\":\"drive-fail\",\"drive\":64}", "0 to 63" },
		{ "{\"command\":\"drive-fail\",\"drive\":9}", "no such drive" },
		{ "{\"command\":\"drive-repair\",\"drive\":9}", "no such drive" },
		{ "{\"command\":\"media-error\"}", "\"nsid\"" },
		{ "{\"command\":\"media-error\",\"nsid\":1}", "\"lba\"" },
		{ "{\"command\":\"media-error\",\"nsid\":9,\"lba\":0}", "media-error" },
		{ "{\"command\":\"media-error\",\"nsid\":1,\"lba\":2048}", "media-error" },
		{ "{\"command\":\"media-error\",\"nsid\":1,\"lba\":2047,\"blocks\":2}", "media-error" },
		{ "{\"command\":\"media-error\",\"nsid\":1,\"lba\":0,\"blocks\":0}", "1 to 4096" },
		{ "{\"command\":\"ns-resize\"}", "\"nsid\"" },
		{ "{\"command\":\"ns-resize\",\"nsid\":1}", "\"bytes\"" },
		{ "{\"command\":\"ns-resize\",\"nsid\":3,\"bytes\":4096}", "no such namespace" },
		{ "{\"command\":\"ns-resize\",\"nsid\":65,\"bytes\":4096}", "1 to 64" },
		{ "{\"command\":\"ns-resize\",\"nsid\":1,\"bytes\":4097}", "\"bytes\"" },
		{ "{\"command\":\"ns-resize\",\"nsid\":1,\"bytes\":\"0x40000000\"}", "\"bytes\"" },
		{ "{\"command\":\"ns-identity\"}", "\"nsid\"" },
		{ "{\"command\":\"ns-attach\"}", "\"nsid\"" },
		{ "{\"command\":\"ns-attach\",\"nsid\":1}", "already" },
		{ "{\"command\":\"ns-detach\",\"nsid\":1,\"controller\":2}", "0 to 1" },
		{ "{\"command\":\"ns-delete\",\"nsid\":0}", "1 to 64" },
		{ "{\"command\":\"gone\",\"controller\":2}", "0 to 1" },
		{ "{\"command\":\"gone\",\"ms\":-5}", "\"ms\"" },
		{ "{\"command\":\"hang\",\"side\":\"left\"}", "\"registers\"" },
		{ "{\"command\":\"unhang\",\"side\":\"commands\"}", "\"side\"" },
		{ "{\"command\":\"hang\",\"side\":\"registers\",\"until\":\"reset\"}", "CC.EN" },
		{ "{\"command\":\"fatal\",\"controller\":\"first\"}", "\"controller\"" },
		{ "{\"command\":\"event\",\"code\":2048}", "0 to 2047" },
		{ "{\"command\":\"event\",\"text\":7}", "\"text\"" },
		{ "{\"command\":\"storm\",\"events\":0}", "1 to 100000" },
		{ "{\"command\":\"storm\",\"type\":\"snow\"}", "\"vendor\"" },
		{ "{\"command\":\"link-error\"}", "\"severity\"" },
		{ "{\"command\":\"link-error\",\"severity\":\"bad\"}", "\"nonfatal\"" },
		{ "{\"command\":\"power-readings\",\"power_mw\":200001}", "0 to 200000" },
		{ "{\"command\":\"power-readings\",\"vout_mv\":3300}", "\"rail\"" },
		{ "{\"command\":\"power-readings\",\"rail\":5,\"vout_mv\":3300}", "0 to 4" },
		{ "{\"command\":\"power-readings\",\"volts\":3}", "\"volts\"" },
		{ "{\"command\":\"power-readings\",\"auto\":1}", "true or false" },
		{ "{\"command\":\"flush\",\"all\":true}", "\"all\"" },
		{ "{\"command\":\"seed\"}", "\"seed\"" },
		{ "{\"command\":\"seed\",\"seed\":1.5}", "\"seed\"" },
		{ "{\"command\":\"fault-add\"}", "\"kind\"" },
		{ "{\"command\":\"fault-add\",\"kind\":\"zap\"}", "drop, delay" },
		{ "{\"command\":\"fault-list\",\"id\":1}", "\"id\"" },
		{ "{\"command\":\"fault-clear\"}", "\"all\"" },
		{ "{\"command\":\"fault-clear\",\"id\":5}", "no such rule" },
		{ "{\"command\":\"fault-clear\",\"all\":\"yes\"}", "true or false" },
	};

	vnd_start("g3", two);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		json_object *answer = vnd_ask(bad[i].line);
		const char *error = vnd_text(answer, "error");

		check(!vnd_flag(answer, "ok") && strstr(error, bad[i].names), "%s: \"%s\" does not say %s", bad[i].line, error,
		      bad[i].names);
		json_object_put(answer);
	}
	check(!read_block(0, 1) && !read_block(1, 2), "all is as it was");
	vnd_stop();
	tap_group("what is wrong is named, with what is right");
}

static void help(void)
{
	json_object *answer, *list;

	vnd_start("g2", NULL);
	answer = vnd_ask("{\"command\":\"help\"}");
	check(json_object_object_get_ex(answer, "commands", &list) && json_object_object_length(list) > 20,
	      "help lists commands");
	json_object_object_foreach(list, name, what)
	{
		char line[80];
		json_object *o;

		(void)what;
		snprintf(line, sizeof(line), "{\"command\":\"%s\",\"nonsense\":1}",
			 !strcmp(name, "hang-controller") ? "hang" : name);
		o = vnd_ask(line);
		check(!vnd_flag(o, "ok") && !strstr(vnd_text(o, "error"), "unknown, try"), "%s is listed and not known", name);
		json_object_put(o);
	}
	check(json_object_object_get_ex(answer, "faults", &list) && json_object_object_length(list) > 20, "help lists faults");
	json_object_put(answer);
	vnd_stop();
	tap_group("help lists what there is");
}

static void status(void)
{
	json_object *answer, *ctrl, *o;

	vnd_start("g3", two);
	check(!read_block(0, 1), "read");
	answer = vnd_ask("{\"command\":\"status\"}");
	check(vnd_flag(answer, "ok") && !strcmp(vnd_text(answer, "family"), "g3"), "family");
	ctrl = vnd_entry(answer, "controllers", 0);
	check(vnd_flag(ctrl, "ready") && !vnd_flag(ctrl, "gone") && !vnd_flag(ctrl, "hang") &&
		      vnd_number(ctrl, "csts") == GMX_CSTS_RDY,
	      "state of the controller");
	o = vnd_entry(ctrl, "queues", 1);
	check(vnd_number(o, "id") == 1 && vnd_number(o, "sq_head") == vnd_number(o, "sq_tail") && vnd_number(o, "sq_tail") == 1 &&
		      vnd_number(o, "cq") == 1 && !vnd_number(o, "inflight"),
	      "I/O queue: %s", json_object_to_json_string(o));
	check(vnd_entry(answer, "controllers", 1) && !vnd_entry(answer, "controllers", 2), "two controllers");
	o = vnd_entry(answer, "namespaces", 1);
	check(vnd_number(o, "nsid") == 2 && vnd_number(o, "bytes") == 1 << 20 && vnd_number(o, "drive") == 1, "second namespace");
	check(vnd_number(vnd_entry(answer, "namespaces", 0), "reads") == 1, "reads are counted");
	o = vnd_entry(answer, "drives", 0);
	check(vnd_number(o, "bytes") >= 1 << 20 && !vnd_flag(o, "failed"), "drive");
	check(json_object_object_get_ex(answer, "health", &o) && vnd_number(o, "reads") == 1 && vnd_number(o, "spare") == 100,
	      "health");
	check(json_object_object_get_ex(answer, "power", &o) && vnd_number(o, "power_mw") > 0, "power");
	check(json_object_object_get_ex(answer, "events", &o) && vnd_number(o, "last") >= 1, "events");
	json_object_put(answer);
	vnd_stop();
	tap_group("status of everything");
}

static void changed_list(uint32_t nsid, const char *why)
{
	__le32 list[1024];

	check(!vnd_log(GMX_LOG_CHANGED_NS, 0, list, sizeof(list)) && le32toh(list[0]) == nsid && !list[1], "changed list: %s",
	      why);
}

static void namespaces(void)
{
	struct gmx_id_ns *id = (struct gmx_id_ns *)buf;
	uint8_t nguid[16];
	uint32_t event;

	vnd_start("g3", two);
	vnd_quiet();
	vnd_post_events(4);
	check(vnd_ok("ns-resize", "\"nsid\":1,\"bytes\":2097152"), "grow");
	event = vnd_event();
	check(GMX_AEN_TYPE(event) == GMX_AEN_NOTICE && GMX_AEN_LOG(event) == GMX_LOG_CHANGED_NS, "notice of growth: %08x", event);
	changed_list(1, "grown");
	check(!vnd_identify(GMX_CNS_NS, 1, buf) && le64toh(id->nsze) == 4096, "it has grown");
	memcpy(nguid, id->nguid, 16);
	check(vnd_ok("ns-resize", "\"nsid\":1,\"bytes\":524288"), "shrink");
	check(vnd_event() != NO_EVENT, "notice of shrinking");
	changed_list(1, "shrunk");
	check(nvm(.opcode = GMX_NVM_READ, .nsid = 1, .cdw10 = 1024, .data = buf, .len = 512) == (GMX_SC_LBA_RANGE | GMX_STS_DNR),
	      "beyond the end");
	check(vnd_ok("ns-identity", "\"nsid\":1"), "another identity");
	check(vnd_event() != NO_EVENT, "notice of the identity");
	changed_list(1, "identity");
	check(!vnd_identify(GMX_CNS_NS, 1, buf) && memcmp(nguid, id->nguid, 16), "it is another one");
	check(vnd_ok("ns-detach", "\"nsid\":2"), "detach");
	check(vnd_event() != NO_EVENT, "notice of detaching");
	changed_list(2, "detached");
	check(read_block(0, 2) == (GMX_SC_INVALID_FIELD | GMX_STS_DNR), "a detached one");
	check(!read_block(1, 2), "the other controller still has it");
	check(!vnd_ok("ns-detach", "\"nsid\":2"), "detached twice");
	check(vnd_ok("ns-attach", "\"nsid\":2") && !read_block(0, 2), "attached again");
	check(vnd_ok("ns-delete", "\"nsid\":2") && read_block(1, 2) == (GMX_SC_INVALID_FIELD | GMX_STS_DNR), "deleted");
	vnd_stop();
	tap_group("namespaces that grow, shrink, change, vanish");
}

static void gone_and_back(void)
{
	uint32_t life;

	vnd_start("g3", two);
	life = vnd_life(0);
	check(vnd_ok("gone", "\"controller\":0"), "gone");
	check(vnd_reg(0, GMX_REG_CSTS) == GMX_CSTS_GONE && vnd_reg(0, GMX_REG_VS) == 0xffffffff && vnd_gone(0), "all ones");
	check(vnd_reg(1, GMX_REG_CSTS) == GMX_CSTS_RDY && !read_block(1, 1), "the other controller is there");
	vnd_set_reg(0, GMX_REG_CC, 0);
	check(vnd_ok("back", "\"controller\":0"), "back");
	check(!vnd_gone(0) && vnd_reg(0, GMX_REG_CSTS) == 0 && vnd_reg(0, GMX_REG_CC) == 0 && vnd_life(0) != life,
	      "as if plugged anew");
	vnd_enable(0);
	check(!read_block(0, 1), "and works");
	check(vnd_ok("gone", "\"controller\":0,\"ms\":50") && vnd_gone(0), "gone for a while");
	vnd_advance(49);
	check(vnd_gone(0), "not yet back");
	vnd_advance(2);
	check(!vnd_gone(0), "back by itself");
	vnd_stop();
	tap_group("gone and back");
}

static void hang(void)
{
	int cid;

	vnd_start("g2", NULL);
	check(vnd_ok("hang", ""), "hang");
	cid = vnd_post(.opcode = GMX_NVM_READ, .queue = 1, .nsid = 1, .data = buf, .len = 512);
	vnd_advance(60000);
	check(!vnd_peek(0, 1) && vnd_reg(0, GMX_REG_CSTS) == GMX_CSTS_RDY, "nothing comes, the registers look well");
	check(vnd_ok("unhang", ""), "unhang");
	vnd_advance(1);
	check(vnd_peek(0, 1) && vnd_reap(0, 1).cid == htole16((uint16_t)cid), "now it comes");
	check(vnd_ok("hang", "\"side\":\"registers\""), "register side");
	vnd_set_reg(0, GMX_REG_CC, vnd_reg(0, GMX_REG_CC) & ~GMX_CC_EN);
	vnd_advance(60000);
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_RDY, "RDY does not follow EN");
	check(vnd_ok("unhang", ""), "unhang");
	vnd_advance(1000);
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_RDY), "RDY follows at last");
	vnd_enable(0);
	check(!read_block(0, 1), "and it works");
	check(vnd_ok("hang", "\"side\":\"registers\""), "register side");
	vnd_set_reg(0, GMX_REG_CC, vnd_reg(0, GMX_REG_CC) & ~GMX_CC_EN);
	check(vnd_ok("unhang", ""), "unhang");
	vnd_advance(1000);
	vnd_enable(0);
	check(!read_block(0, 1), "works again");
	check(vnd_ok("hang", "\"until\":\"reset\""), "until a reset");
	vnd_set_reg(0, GMX_REG_CC, vnd_reg(0, GMX_REG_CC) & ~GMX_CC_EN);
	vnd_enable(0);
	check(!read_block(0, 1), "a reset ends it");
	check(vnd_ok("hang", "\"side\":\"registers\",\"until\":\"flr\""), "until a function level reset");
	emu_ctrl_reset(vnd->ctrls[0], EMU_RESET_FLR);
	vnd_enable(0);
	check(!read_block(0, 1), "that ends it");
	check(vnd_ok("hang", "\"until\":\"subsystem-reset\""), "until a subsystem reset");
	emu_ctrl_reset(vnd->ctrls[0], EMU_RESET_FLR);
	check(vnd->ctrls[0]->hang, "which is more than a function level reset");
	vnd_set_reg(0, GMX_REG_NSSR, GMX_NSSR_MAGIC);
	vnd_enable(0);
	check(!read_block(0, 1), "that ends it");
	vnd_stop();
	tap_group("commands hang, registers hang");
}

static void fatal(void)
{
	vnd_start("g2", NULL);
	check(vnd_ok("fatal", ""), "fatal");
	check(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_CFS, "CSTS.CFS");
	vnd_post(.opcode = GMX_NVM_READ, .queue = 1, .nsid = 1, .data = buf, .len = 512);
	vnd_advance(1000);
	check(!vnd_peek(0, 1), "no command is carried out");
	vnd_enable(0);
	check(!(vnd_reg(0, GMX_REG_CSTS) & GMX_CSTS_CFS) && !read_block(0, 1), "a reset helps");
	vnd_stop();
	tap_group("controller fatal status");
}

static void drives(void)
{
	vnd_start("g2", two);
	check(vnd_ok("drive-fail", "\"drive\":0"), "fail");
	check(read_block(0, 1) != 0, "reads fail");
	check(!read_block(0, 2), "on that drive alone");
	check(vnd_ok("drive-repair", "\"drive\":0") && !read_block(0, 1), "repaired");
	check(vnd_ok("media-error", "\"nsid\":2,\"lba\":8,\"blocks\":2"), "media error");
	check(nvm(.opcode = GMX_NVM_READ, .nsid = 2, .cdw10 = 7, .cdw12 = 1, .data = buf, .len = 1024) == GMX_SC_READ_ERROR ||
		      nvm(.opcode = GMX_NVM_READ, .nsid = 2, .cdw10 = 7, .cdw12 = 1, .data = buf, .len = 1024) ==
			      (GMX_SC_READ_ERROR | GMX_STS_DNR),
	      "a read that touches it");
	check(!nvm(.opcode = GMX_NVM_READ, .nsid = 2, .cdw10 = 7, .data = buf, .len = 512), "the block before");
	check(!nvm(.opcode = GMX_NVM_WRITE, .nsid = 2, .cdw10 = 8, .data = buf, .len = 512) &&
		      !nvm(.opcode = GMX_NVM_READ, .nsid = 2, .cdw10 = 8, .data = buf, .len = 512),
	      "a write heals");
	check(vnd_ok("media-error", "\"nsid\":2,\"lba\":9,\"clear\":true") &&
		      !nvm(.opcode = GMX_NVM_READ, .nsid = 2, .cdw10 = 9, .data = buf, .len = 512),
	      "cleared");
	check(vnd_ok("flush", ""), "flush");
	vnd_stop();
	tap_group("drives fail, blocks fail");
}

static void links(void)
{
	struct gmx_vnd_log_health log;

	vnd_start("g3", NULL);
	check(vnd_ok("link-error", "\"severity\":\"correctable\"") && vnd_link_severity == 0 && vnd_link_status == 1,
	      "correctable");
	check(vnd_ok("link-error", "\"severity\":\"nonfatal\"") && vnd_link_severity == 1 && vnd_link_status == 1 << 14,
	      "non-fatal");
	check(vnd_ok("link-error", "\"severity\":\"fatal\",\"status\":\"0x2000\"") && vnd_link_severity == 2 &&
		      vnd_link_status == 0x2000,
	      "fatal");
	check(!vnd_log(GMX_VND_LOG_HEALTH, 0, &log, sizeof(log)), "extended health");
	check(log.link_errors[0] == htole64(1) && log.link_errors[1] == htole64(1) && log.link_errors[2] == htole64(1),
	      "all are counted");
	check(le32toh(log.problems) & GMX_VND_PROBLEM_LINK && log.state == GMX_VND_STATE_DEGRADED, "and are a problem");
	vnd_stop();
	tap_group("link errors");
}

static void storms(void)
{
	static const struct {
		const char *type;
		unsigned int aen, page;
	} types[] = {
		{ "vendor", GMX_AEN_VENDOR, GMX_VND_LOG_EVENTS },
		{ "smart", GMX_AEN_SMART, GMX_LOG_SMART },
		{ "namespace", GMX_AEN_NOTICE, GMX_LOG_CHANGED_NS },
		{ "error", GMX_AEN_ERROR, GMX_LOG_ERROR },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++) {
		char keys[80];
		unsigned int nr = 0;

		vnd_start("g3", NULL);
		vnd_post_events(1);
		snprintf(keys, sizeof(keys), "\"type\":\"%s\",\"events\":500,\"ms\":1", types[i].type);
		check(vnd_ok("storm", keys), "%s", types[i].type);
		for (unsigned int ms = 0; ms < 600; ms++) {
			uint32_t event;

			vnd_advance(1);
			event = vnd_event();
			if (event == NO_EVENT)
				continue;
			nr++;
			check(GMX_AEN_TYPE(event) == types[i].aen && GMX_AEN_LOG(event) == types[i].page, "%s: %08x",
			      types[i].type, event);
			vnd_log((uint8_t)types[i].page, 0, buf, sizeof(buf));
			vnd_post_events(1);
		}
		check(nr > 400 && nr <= 501, "%s: %u of 500 were seen", types[i].type, nr);
		check(!read_block(0, 1), "I/O goes on");
		vnd_stop();
	}
	tap_group("storms of events");
}

static void readings(void)
{
	struct gmx_vnd_log_power log;

	vnd_start("g2", NULL);
	check(vnd_ok("power-readings", "\"power_mw\":12345"), "power");
	check(!vnd_log(GMX_VND_LOG_POWER, 0, &log, sizeof(log)) && log.power_mw == htole32(12345), "it is read");
	check(vnd_ok("power-readings", "\"rail\":2,\"vout_mv\":700,\"status_word\":\"0x8000\""), "a rail");
	check(!vnd_log(GMX_VND_LOG_POWER, 0, &log, sizeof(log)) && log.rail[2].vout_mv == htole32(700) &&
		      log.rail[2].status_word == htole16(0x8000),
	      "it is read");
	check(vnd_ok("power-readings", "\"rail\":1,\"iout_ma\":2000,\"vin_mv\":3000"), "another rail");
	check(!vnd_log(GMX_VND_LOG_POWER, 0, &log, sizeof(log)) && log.rail[1].iout_ma == htole32(2000) &&
		      log.rail[1].vin_mv == htole32(3000) && log.rail[1].pout_mw == htole32(6600),
	      "its power follows");
	vnd_advance(200);
	check(!vnd_log(GMX_VND_LOG_POWER, 0, &log, sizeof(log)) && log.power_mw == htole32(12345), "stays");
	check(vnd_ok("power-readings", "\"auto\":true"), "automatic again");
	vnd_advance(200);
	check(!vnd_log(GMX_VND_LOG_POWER, 0, &log, sizeof(log)) && log.rail[2].vout_mv == htole32(850) &&
		      log.power_mw != htole32(12345),
	      "as the load makes it");
	vnd_stop();
	tap_group("power readings by hand");
}

static void long_lines(void)
{
	static char line[(1 << 20) + 200];
	json_object *answer;

	vnd_start("g2", NULL);
	memset(line, ' ', sizeof(line) - 1);
	memcpy(line, "{\"command\":\"flush\"}", 19);
	line[1 << 20] = '\0';
	answer = vnd_ask(line);
	check(vnd_flag(answer, "ok"), "as long as may be");
	json_object_put(answer);
	line[1 << 20] = ' ';
	answer = vnd_ask(line);
	check(!vnd_flag(answer, "ok") && strstr(vnd_text(answer, "error"), "long"), "longer: %s", vnd_text(answer, "error"));
	json_object_put(answer);
	memset(line, '[', 4000);
	answer = vnd_ask(line);
	check(!vnd_flag(answer, "ok"), "deep");
	json_object_put(answer);
	vnd_stop();
	tap_group("long and deep lines");
}

/* A namespace that only one controller may have */
static void private_namespaces(void)
{
	struct gmx_id_ns *id = (struct gmx_id_ns *)buf;

	vnd_start("g3", two);
	memset(buf, 0, sizeof(buf));
	id->nsze = id->ncap = htole64(2048);
	check(!admin(.opcode = GMX_ADM_NS_MGMT, .data = buf, .len = 4096), "create");
	check(vnd_ok("ns-attach", "\"nsid\":3,\"controller\":1") && !read_block(1, 3), "attach");
	check(!vnd_ok("ns-attach", "\"nsid\":3,\"controller\":0"), "to a second controller");
	check(vnd_ok("ns-detach", "\"nsid\":3,\"controller\":1") && vnd_ok("ns-attach", "\"nsid\":3") && !read_block(0, 3),
	      "moved");
	vnd_power_cut();
	check(!read_block(0, 3) && read_block(1, 3) != 0, "it stays there");
	vnd_stop();
	tap_group("private namespaces");
}

int main(void)
{
	errors();
	long_lines();
	private_namespaces();
	help();
	status();
	namespaces();
	gone_and_back();
	hang();
	fatal();
	drives();
	links();
	storms();
	readings();
	return tap_done();
}
