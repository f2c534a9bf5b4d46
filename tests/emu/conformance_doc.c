// SPDX-License-Identifier: GPL-2.0-or-later
/* docs/design/conformance.md against what the families claim: commands, log pages, features, identify data, and their tests. */
#include <ctype.h>

#include "conformance.h"

#define REPO "../.."

enum section { ADMIN, IO, LOGS, FEATURES, CNS, NR_SECTIONS };

static const struct {
	const char *heading, *prefix, *vendor; /* of its rows' constants */
} sections[NR_SECTIONS] = {
	{ "## Admin commands", "GMX_ADM_", "GMX_VND_ADM_" },
	{ "## I/O commands", "GMX_NVM_", "-" },
	{ "## Log pages", "GMX_LOG_", "GMX_VND_LOG_" },
	{ "## Features", "GMX_FEAT_", "GMX_VND_FEAT_" },
	{ "## Identify data", "GMX_CNS_", "-" },
};

static const char *const families[] = { "g1", "g2", "g3" };

static bool claimed[NR_SECTIONS][3][256], written[NR_SECTIONS][256];

/* A file of the repository, zero terminated; this file's own folder is where the way begins. */
static char *text_of(const char *path)
{
	char full[512];
	size_t len;
	char *text;
	FILE *f;

	snprintf(full, sizeof(full), "%.*s" REPO "/%s", (int)(strrchr(__FILE__, '/') - __FILE__ + 1), __FILE__, path);
	f = fopen(full, "r");
	if (!f)
		return NULL;
	text = calloc(1, 1 << 20);
	len = text ? fread(text, 1, (1 << 20) - 1, f) : 0;
	fclose(f);
	if (!len)
		abort();
	return text;
}

static uint16_t ask(uint8_t opcode, uint32_t nsid, uint32_t cdw10)
{
	static uint8_t buf[4096];

	return GMX_STS_CODE(admin(.opcode = opcode, .nsid = nsid, .cdw10 = cdw10, .data = buf, .len = sizeof(buf)));
}

static void claims(unsigned int f)
{
	struct gmx_log_effects log;

	conf_begin(families[f]);
	check(!vnd_log(GMX_LOG_EFFECTS, 0, &log, sizeof(log)), "log page 05h");
	for (unsigned int i = 0; i < 256; i++) {
		claimed[ADMIN][f][i] = le32toh(log.acs[i]) & GMX_EFFECTS_CSUPP;
		claimed[IO][f][i] = le32toh(log.iocs[i]) & GMX_EFFECTS_CSUPP;
		claimed[LOGS][f][i] = ask(GMX_ADM_GET_LOG, 0, 127 << 16 | i) != GMX_SC_LOG_PAGE;
		claimed[FEATURES][f][i] = !ask(GMX_ADM_GET_FEATURES, 0, GMX_GET_FEAT_SEL(GMX_SEL_CAPS) | i);
		claimed[CNS][f][i] = !ask(GMX_ADM_IDENTIFY, 0, i) || !ask(GMX_ADM_IDENTIFY, NS_SHARED, i);
	}
	conf_close();
}

/* The value that the headers give a constant; -1: none */
static long value_of(const char *name)
{
	static const char *const headers[] = { "include/gmx/nvme.h", "include/gmx/log.h", "include/gmx/vendor.h" };
	long value = -1;

	for (unsigned int i = 0; i < ARRAY_SIZE(headers) && value < 0; i++) {
		char *text = text_of(headers[i]), *at = text;

		while (at && value < 0 && (at = strstr(at, name))) {
			at += strlen(name);
			if (*at == ' ' || *at == '\t') {
				at += strspn(at, " \t");
				if (*at == '=')
					value = strtol(at + 1, NULL, 0);
			}
		}
		free(text);
	}
	return value;
}

/* A whole word of text; from there on, NULL: it has none */
static char *word_in(char *text, const char *word)
{
	size_t len = strlen(word);

	for (char *at = text; at && (at = strstr(at, word)); at += len)
		if ((at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_')) && !isalnum((unsigned char)at[len]) &&
		    at[len] != '_')
			return at;
	return NULL;
}

/* Comments become blanks. */
static void uncomment(char *text)
{
	for (char *at = text; (at = strstr(at, "/*"));)
		while (*at && strncmp(at, "*/", 2))
			*at++ = ' ';
}

/* What a test says that it covers, cut out of its text; NULL: nothing */
static char *covers_of(const char *text)
{
	const char *begin = text ? strstr(text, "/* Covers: ") : NULL, *end = begin ? strstr(begin, "*/") : NULL;

	return end ? strndup(begin, (size_t)(end - begin)) : NULL;
}

/* Its code, or that of a header of this folder which it includes, has the thing */
static bool uses(const char *test, const char *constant)
{
	static const char *const headers[] = { "vnd", "admin", "ops", "media", "lasting", "conformance", "firmware" };
	char path[128], include[64], *text;
	bool found;

	snprintf(path, sizeof(path), "tests/emu/%s.c", test);
	text = text_of(path);
	if (!text)
		return false;
	uncomment(text);
	found = word_in(text, constant) && strstr(text, "check(");
	for (unsigned int i = 0; i < ARRAY_SIZE(headers) && !found; i++) {
		char *header;

		snprintf(include, sizeof(include), "\"%s.h\"", headers[i]);
		if (!strstr(text, include))
			continue;
		snprintf(path, sizeof(path), "tests/emu/%s.h", headers[i]);
		header = text_of(path);
		if (header)
			uncomment(header);
		found = header && word_in(header, constant);
		free(header);
	}
	free(text);
	return found;
}

static unsigned int named; /* pairs of a thing and a test that the document has */

/* Each test that a row names is there, says that it covers the thing, and does something with it. */
static void tests_of(const char *name, const char *constant, char *list)
{
	unsigned int nr = 0;
	char *save, *test;

	for (test = strtok_r(list, ", ", &save); test; test = strtok_r(NULL, ", ", &save), nr++) {
		char path[128];
		char *text, *covers;

		snprintf(path, sizeof(path), "tests/emu/%s.c", test);
		text = text_of(path);
		covers = covers_of(text);
		check(covers && word_in(covers, constant), "%s: tests/emu/%s.c is not there, or does not cover %s", name, test,
		      constant);
		check(uses(test, constant), "%s: tests/emu/%s.c covers %s, and does nothing with it", name, test, constant);
		free(covers);
		free(text);
		named++;
		snprintf(path, sizeof(path), "tests/emu/%s.t", test);
		text = text_of(path);
		check(text != NULL, "%s: there is no %s", name, path);
		free(text);
	}
	check(nr, "%s: no test", name);
}

static char *trim(char *cell)
{
	char *end;

	cell += strspn(cell, " `");
	end = cell + strlen(cell);
	while (end > cell && strchr(" `", end[-1]))
		*--end = 0;
	return cell;
}

/* | number | name | constant | G1 | G2 | G3 | tests | */
static void row(enum section s, char *line)
{
	char *cell[8] = { NULL }, *save, *end;
	unsigned int nr = 0;
	unsigned long number;

	for (char *c = strtok_r(line, "|", &save); c && nr < ARRAY_SIZE(cell); c = strtok_r(NULL, "|", &save))
		cell[nr++] = trim(c);
	number = nr ? strtoul(cell[0], &end, 16) : 0;
	if (!nr || end == cell[0] || *end != 'h')
		return;
	check(nr == 7 && number < 256, "%s: a row of %u cells", cell[0], nr);
	if (nr != 7 || number > 255)
		return;
	check(!written[s][number], "%s %s: twice", sections[s].heading, cell[0]);
	written[s][number] = true;
	check(!strncmp(cell[2], sections[s].prefix, strlen(sections[s].prefix)) ||
		      !strncmp(cell[2], sections[s].vendor, strlen(sections[s].vendor)),
	      "%s: %s is of another table", cell[0], cell[2]);
	check(value_of(cell[2]) == (long)number, "%s: %s is %lx", cell[0], cell[2], value_of(cell[2]));
	for (unsigned int f = 0; f < 3; f++) {
		bool yes = !strcmp(cell[3 + f], "yes");

		check(yes || !strcmp(cell[3 + f], "–"), "%s %s: '%s'", cell[0], cell[1], cell[3 + f]);
		check(yes == claimed[s][f][number], "%s, %s %s: %s, but the model says %s", sections[s].heading + 3, cell[0],
		      cell[1], yes ? "yes" : "no", yes ? "no" : "yes");
	}
	tests_of(cell[1], cell[2], cell[6]);
}

/* Pairs of a thing and a test, as the tests have them */
static unsigned int covered(void)
{
	unsigned int nr = 0;
	char path[512], *save;
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "%.*s", (int)(strrchr(__FILE__, '/') - __FILE__), __FILE__);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		char *text, *covers;

		if (!strstr(e->d_name, ".c") || !strcmp(e->d_name, "conformance_doc.c"))
			continue;
		snprintf(path, sizeof(path), "tests/emu/%.64s", e->d_name);
		text = text_of(path);
		covers = covers_of(text);
		for (char *w = covers ? strtok_r(covers, " *\n", &save) : NULL; w; w = strtok_r(NULL, " *\n", &save))
			nr += !strncmp(w, "GMX_", 4);
		free(covers);
		free(text);
	}
	if (dir)
		closedir(dir);
	return nr;
}

static void document(void)
{
	char *text = text_of("docs/design/conformance.md"), *save;
	int s = -1;

	check(text != NULL, "docs/design/conformance.md");
	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line; line = strtok_r(NULL, "\n", &save)) {
		if (line[0] == '#') {
			s = -1;
			for (unsigned int i = 0; i < NR_SECTIONS; i++)
				s = strcmp(line, sections[i].heading) ? s : (int)i;
		} else if (s >= 0 && line[0] == '|') {
			row((enum section)s, line);
		}
	}
	free(text);
	tap_group("what the document says is so");
	for (unsigned int i = 0; i < NR_SECTIONS; i++) {
		for (unsigned int n = 0; n < 256; n++) {
			bool any = claimed[i][0][n] || claimed[i][1][n] || claimed[i][2][n];

			check(!any || written[i][n], "%s: %02xh is claimed and not there", sections[i].heading + 3, n);
		}
	}
	tap_group("what is claimed is in the document");
	check(covered() == named, "tests cover %u things, the document names %u", covered(), named);
	tap_group("what tests cover is in the document");
}

int main(void)
{
	for (unsigned int f = 0; f < ARRAY_SIZE(families); f++)
		claims(f);
	tap_group("the families were asked");
	document();
	return tap_done();
}
