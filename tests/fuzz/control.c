// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket: bytes that a client may send, in any pieces, through the transport's lines to the model; and a host
 * that works meanwhile, so that the faults which are asked for have somebody to befall.
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cmds.h"
#include "control.h"
#include "log.h"
#include "unixsock.h"

#define LINE 2048u

static const char *const control_beds[] = {
	"{\"time_warp\":true,\"capacity\":\"4M\",\"functions\":2,\"namespaces\":[{\"size\":\"64K\"},{\"size\":\"64K\",\"block\":4096}]}",
	"{\"time_warp\":true,\"capacity\":\"1M\",\"latency\":\"ssd\",\"namespaces\":[{\"size\":\"64K\"}]}",
};

static const char *const verbs[] = {
	"help",		"status",      "fault-add",	 "fault-list", "fault-clear", "ns-resize",   "ns-identity", "ns-attach",
	"ns-detach",	"ns-delete",   "power-readings", "flush",      "seed",	      "temperature", "spare",	    "drive-fail",
	"drive-repair", "media-error", "gone",		 "back",       "hang",	      "unhang",	     "fatal",	    "link-error",
	"event",	"storm",       "fault-add",	 "fault-add",  "nonsense",
};

static const char *const keys[] = {
	"kind",	    "nth",     "count",	      "probability", "after_ms", "controller", "queue",	   "set",	  "opcode",
	"nsid",	    "lba",     "blocks",      "id",	     "all",	 "bytes",      "power_mw", "rail",	  "vin_mv",
	"vout_mv",  "iout_ma", "status_word", "auto",	     "seed",	 "kelvin",     "percent",  "drive",	  "side",
	"severity", "bits",    "code",	      "object",	     "value",	 "text",       "events",   "ms",	  "type",
	"us",	    "status",  "vector",      "segment",     "what",	 "offset",     "clear",	   "status_bits", "x",
};

static const char *const words[] = {
	"\"drop\"",
	"\"delay\"",
	"\"wrong-cid\"",
	"\"stale-cid\"",
	"\"wrong-phase\"",
	"\"double\"",
	"\"no-irq\"",
	"\"status\"",
	"\"hang\"",
	"\"irq-lost\"",
	"\"corrupt\"",
	"\"fw-activation\"",
	"\"self-test\"",
	"\"io\"",
	"\"admin\"",
	"\"read\"",
	"\"identify\"",
	"\"log\"",
	"\"identify:01\"",
	"\"log:02\"",
	"\"commands\"",
	"\"registers\"",
	"\"correctable\"",
	"\"nonfatal\"",
	"\"fatal\"",
	"\"vendor\"",
	"\"smart\"",
	"\"namespace\"",
	"\"error\"",
	"true",
	"false",
	"null",
	"0.5",
	"1e-3",
	"-1",
	"0",
	"1",
	"2",
	"300",
	"4096",
	"65536",
	"\"0x10\"",
	"[]",
	"{}",
	"\"gone\"",
	"\"temperature\"",
	"\"drive-fail\"",
	"\"media-error\"",
	"\"storm\"",
	"\"\\u0000\"",
	"\"a\\nb\"",
	"18446744073709551615",
};

static struct control *control;
static char path[96];
static unsigned int lines, answers;
static int client = -1;
static bool something; /* in the line that is not ended yet */

static void turn(void)
{
	struct pollfd polls[CONTROL_POLLS];

	for (unsigned int i = 0; i < 200; i++) {
		control_poll(control, polls);
		if (poll(polls, CONTROL_POLLS, 0) <= 0)
			return;
		control_handle(control, polls);
	}
}

/* Each is a JSON object in one line that says whether it went well, and if not, why. */
static void check_answer(const char *line)
{
	json_object *answer = json_tokener_parse(line), *ok, *error;

	must(json_object_is_type(answer, json_type_object), "answer is %.100s", line);
	must(!strncmp(line, "{\"ok\":", 6) && json_object_object_get_ex(answer, "ok", &ok) &&
		     json_object_is_type(ok, json_type_boolean),
	     "answer is %.100s", line);
	if (!json_object_get_boolean(ok))
		must(json_object_object_get_ex(answer, "error", &error) && json_object_get_string_len(error) > 0,
		     "answer is %.100s", line);
	json_object_put(answer);
	answers++;
}

static void hear(void)
{
	static char buf[4u << 20];
	size_t have = 0;
	char *line = buf, *end;
	ssize_t n;

	for (;;) {
		n = recv(client, buf + have, sizeof(buf) - have - 1, MSG_DONTWAIT);
		if (n <= 0)
			break;
		have += (size_t)n;
		turn();
	}
	buf[have] = 0;
	while ((end = memchr(line, '\n', have - (size_t)(line - buf)))) {
		*end = 0;
		must(strlen(line) == (size_t)(end - line), "a NUL in an answer");
		check_answer(line);
		line = end + 1;
	}
	must(line == buf + have, "half an answer");
}

static void connect_client(void)
{
	if (client >= 0)
		close(client);
	client = unixsock_connect(path);
	must(client >= 0, "%s: nobody there", path);
	turn();
	lines = answers = 0;
	something = false;
}

/* What the transport counts as a line: not those of blanks alone */
static void say(const char *text, size_t len)
{
	if (getenv("FUZZ_LOG"))
		fprintf(stderr, "# says %.*s", (int)len, text);

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n') {
			lines += something;
			something = false;
		} else if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
			something = true;
		}
	}
	must(send(client, text, len, MSG_NOSIGNAL) == (ssize_t)len, "send");
	turn();
	hear();
	must(lines == answers, "%u lines, %u answers", lines, answers);
}

/* A command of known words, which a mutation turns into others */
static void sentence(struct input *in)
{
	char line[LINE];
	unsigned int nr = in8(in) % 7;
	int n = snprintf(line, sizeof(line), "{\"command\":\"%s\"", verbs[in8(in) % ARRAY_SIZE(verbs)]);

	while (nr-- && n < (int)LINE - 200) {
		uint8_t how = in8(in);

		n += snprintf(line + n, sizeof(line) - (size_t)n, ",\"%s\":", keys[in8(in) % ARRAY_SIZE(keys)]);
		if (how & 0x80)
			n += snprintf(line + n, sizeof(line) - (size_t)n, "%u", how & 0x40 ? in32(in) : in8(in));
		else
			n += snprintf(line + n, sizeof(line) - (size_t)n, "%s", words[in8(in) % ARRAY_SIZE(words)]);
	}
	n += snprintf(line + n, sizeof(line) - (size_t)n, "}\n");
	say(line, (size_t)n);
}

/* A rule that is likely to be taken */
static void rule(struct input *in)
{
	static const char *const kinds[] = {
		"drop\"",
		"delay\",\"us\":50",
		"wrong-cid\"",
		"stale-cid\"",
		"wrong-phase\"",
		"double\"",
		"no-irq\"",
		"status\",\"status\":641",
		"hang\"",
		"irq-lost\"",
		"corrupt\",\"what\":\"log\"",
		"corrupt\",\"what\":\"identify:01\",\"bytes\":64",
		"fw-activation\"",
		"self-test\"",
		"gone\",\"ms\":20",
		"fatal\"",
		"drive-fail\",\"drive\":0",
		"temperature\",\"kelvin\":400",
		"storm\",\"events\":9",
		"media-error\",\"nsid\":1,\"lba\":0",
	};
	static const char *const when[] = {
		"",
		",\"nth\":2",
		",\"count\":3",
		",\"probability\":0.5",
		",\"after_ms\":5",
		",\"set\":\"io\"",
		",\"opcode\":\"read\"",
		",\"nsid\":1,\"lba\":0,\"blocks\":9",
		",\"queue\":1",
		",\"controller\":0",
	};
	char line[LINE];
	int n = snprintf(line, sizeof(line), "{\"command\":\"fault-add\",\"kind\":\"%s", kinds[in8(in) % ARRAY_SIZE(kinds)]);
	uint8_t two = in8(in);

	n += snprintf(line + n, sizeof(line) - (size_t)n, "%s%s}\n", when[(two & 15) % ARRAY_SIZE(when)],
		      two & 16 ? when[(two >> 5) % ARRAY_SIZE(when)] : "");
	say(line, (size_t)n);
}

static void raw(struct input *in)
{
	char text[256];
	unsigned int len = in8(in);

	in_bytes(in, text, len);
	if (len)
		say(text, len);
}

/* A line that is longer than any may be */
static void long_line(void)
{
	static char text[300 << 10];
	size_t sent = 0;

	say("\n", 1);
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\n';
	while (sent < sizeof(text)) {
		ssize_t n = send(client, text + sent, sizeof(text) - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		sent += n > 0 ? (size_t)n : 0;
		turn();
	}
	lines++;
	hear();
	must(lines == answers, "%u lines, %u answers", lines, answers);
}

static void work(struct input *in)
{
	uint8_t what = in8(in);
	struct gmx_sqe sqe = { .nsid = htole32(what >> 4 & 3), .cid = htole16(host_next_cid()) };

	if (what & 8) {
		sqe.opcode = what & 1 ? GMX_ADM_IDENTIFY : what & 2 ? GMX_ADM_GET_LOG : GMX_ADM_ASYNC_EVENT;
		sqe.cdw10 = htole32(sqe.opcode == GMX_ADM_GET_LOG ? 2 | 127 << 16 : 1);
	} else {
		sqe.opcode = cmds_io[what & 7];
		sqe.cdw10 = htole32(in8(in));
	}
	cmds_prps(&sqe, HOST_DATA, 4096, HOST_LISTS);
	if (host_queue(what & 8 ? 0 : 1, &sqe))
		host_ring(what & 8 ? 0 : 1);
}

/* Rubbish in its rings is what a driver meets here: it gives up and begins anew. */
static void recover(void)
{
	if (host_enable(0, false))
		host_create_queues(1, 32, 32, 0);
}

/* A configuration: taken, or refused with one line that says why. Small numbers, so that no device is larger than this host. */
static void configure(struct input *in)
{
	static const char *const keys[] = {
		"serial",     "subnqn",	  "functions",	 "link_speed",	"link_width", "form_factor", "interrupts",
		"capacity",   "size",	  "write_cache", "cache_bytes", "cache_us",   "flush_lies",  "seed",
		"latency",    "ready_us", "cap_to",	 "cmb_bytes",	"time_warp",  "faults",	     "plan",
		"namespaces", "block",	  "metadata",	 "rotational",	"nonsense",
	};
	static const char *const values[] = {
		"true",
		"false",
		"null",
		"0",
		"1",
		"2",
		"3",
		"8",
		"16",
		"512",
		"4096",
		"65536",
		"-1",
		"1e300",
		"0.5",
		"\"64K\"",
		"\"1M\"",
		"\"8M\"",
		"\"K\"",
		"\"1Q\"",
		"\"\"",
		"\"u.2\"",
		"\"add-in\"",
		"\"msix\"",
		"\"msi\"",
		"\"pin\"",
		"\"ssd\"",
		"\"hdd\"",
		"\"none\"",
		"\"nqn.2014-08.org.nvmexpress:uuid:x\"",
		"\"/dev/null\"",
		"[]",
		"{}",
		"[{}]",
		"[{\"size\":\"64K\"}]",
		"[{\"size\":\"1M\",\"block\":4096,\"metadata\":8,\"rotational\":true}]",
		"[{\"size\":\"64K\"},{\"size\":\"128K\",\"metadata\":64}]",
		"[{\"kind\":\"drop\"}]",
		"[{\"kind\":7}]",
		"[[1]]",
	};
	static const char *const families[] = { "g1", "g2", "g3", "g4" };
	char text[LINE], error[EMU_ERROR_SIZE] = "";
	int n = snprintf(text, sizeof(text), "{");
	struct emu_subsys *s;

	for (unsigned int i = 0; i < 8 && in_more(in); i++) {
		unsigned int key = in8(in), value = in8(in);

		n += snprintf(text + n, sizeof(text) - (size_t)n, "%s\"%s\":%s", i ? "," : "", keys[key % ARRAY_SIZE(keys)],
			      values[value % ARRAY_SIZE(values)]);
	}
	snprintf(text + n, sizeof(text) - (size_t)n, in8(in) == 0xff ? "" : "}");
	host_wipe_dir();
	s = emu_subsys_open(families[in8(in) & 3], host.dir, text, &host_subsys_ops, NULL, error);
	must(s || (error[0] && !strchr(error, '\n')), "%s: refused without a reason: '%s'", text, error);
	if (s)
		emu_subsys_close(s);
	host_wipe_dir();
}

/* All that was asked for is taken back: from here on each command is answered. */
static void heal(void)
{
	static const char *const cures[] = {
		"{\"command\":\"fault-clear\",\"all\":true}",
		"{\"command\":\"unhang\"}",
		"{\"command\":\"back\"}",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cures); i++) {
		char *answer = emu_subsys_control(vnd, cures[i]);

		must(answer && strstr(answer, "true"), "%s: %s", cures[i], answer ? answer : "no answer");
		free(answer);
	}
	/* CC.EN resets only what is enabled: one that died disabled needs the next stronger reset, as of a driver. */
	if (host_reg(GMX_REG_CSTS) & GMX_CSTS_CFS && !(host_reg(GMX_REG_CC) & GMX_CC_EN))
		emu_ctrl_reset(host.c, EMU_RESET_FLR);
	host.lenient = false;
	must(host_enable(0, false) && host_create_queues(1, 32, 32, 0), "without faults it does not work");
	for (unsigned int i = 0; i < 8; i++) {
		struct gmx_sqe sqe = { .opcode = cmds_io[i], .nsid = htole32(1), .cid = htole16(host_next_cid()) };

		cmds_prps(&sqe, HOST_DATA, 4096, HOST_LISTS);
		must(host_queue(1, &sqe), "no room");
	}
	host_ring(1);
	host_run();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, data + size };
	uint8_t first = in8(&in);

	log_set_level("error");
	if (first >= 0xf0) {
		host_make_dir();
		configure(&in);
		return 0;
	}
	host_start(first & 1 ? "g2" : "g3", control_beds[first >> 1 & 1]);
	snprintf(path, sizeof(path), "%.60s/control", host.dir);
	control = control_open(vnd, path);
	must(control, "no socket");
	connect_client();
	recover();
	host.lenient = true;
	for (unsigned int i = 0; i < FUZZ_RECORDS && in_more(&in); i++) {
		uint8_t what = in8(&in);

		switch (what % 8) {
		case 0: raw(&in); break;
		case 1: host_advance(1000ull << (in8(&in) % 28)); break;
		case 2:
		case 3:
			work(&in);
			host_run();
			break;
		case 4:
			if (what & 0x80)
				recover();
			else if (what & 0x40)
				connect_client();
			else if (what & 0x20)
				long_line();
			break;
		case 5: rule(&in); break;
		default: sentence(&in); break;
		}
	}
	close(client);
	client = -1;
	control_close(control);
	heal();
	host_finish();
	return 0;
}
