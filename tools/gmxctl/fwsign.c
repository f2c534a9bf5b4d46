// SPDX-License-Identifier: GPL-2.0-or-later
/* gmx-fwsign: makes test images of firmware, keys and signatures, in the formats that gmxctl takes. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <libgmx/libgmx.h>

#define HEADER	  64
#define UNIT	  4096u
#define MAX_PAGES (LIBGMX_FW_MAX_BYTES / UNIT)

static const char usage_text[] = "usage: gmx-fwsign key SECRET PUBLIC             make a pair of keys, for tests\n"
				 "       gmx-fwsign image FILE [options]          make a test image\n"
				 "       gmx-fwsign sign SECRET FILE [COMMENT]    sign FILE, as FILE.minisig\n"
				 "       gmx-fwsign verify PUBLIC FILE            check FILE with FILE.minisig\n"
				 "options of image:\n"
				 "  --family N            1 to 3 (3)\n"
				 "  --revision TEXT       up to 8 characters (T1.0.0)\n"
				 "  --version A.B.C       (1.0.0)\n"
				 "  --minimum A.B.C       lowest version that may run before (any)\n"
				 "  --manifest JSON       ({})\n"
				 "  --pages N             size in units of 4096 bytes (4)\n";

static int usage(void)
{
	fputs(usage_text, stderr);
	return 2;
}

static int complain(const char *what, const char *why)
{
	fprintf(stderr, "gmx-fwsign: %s: %s\n", what, why);
	return 1;
}

/* Secrets are readable by their owner alone, and never overwrite another */
static int write_file(const char *path, const void *data, size_t len, bool secret)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (secret ? O_EXCL : O_TRUNC), secret ? 0600 : 0644);
	ssize_t n;

	if (fd < 0)
		return complain(path, strerror(errno));
	n = write(fd, data, len);
	if (close(fd) || n != (ssize_t)len)
		return complain(path, n < 0 ? strerror(errno) : "could not be written whole");
	return 0;
}

static char *read_file(const char *path, size_t max, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *data = malloc(max + 1);

	*len = f && data ? fread(data, 1, max + 1, f) : 0;
	if (!f || !data || ferror(f) || *len > max) {
		complain(path, f ? "cannot be read, or is too long" : strerror(errno));
		free(data);
		data = NULL;
	}
	if (f)
		fclose(f);
	return data;
}

static int make_key(const char *secret_path, const char *public_path)
{
	uint8_t secret[32];
	char public[256];

	if (getrandom(secret, sizeof(secret), 0) != sizeof(secret) || libgmx_sig_public(secret, public, sizeof(public)))
		return complain(secret_path, "no key could be made");
	return write_file(secret_path, secret, sizeof(secret), true) || write_file(public_path, public, strlen(public), false);
}

static int sign(const char *secret_path, const char *path, const char *comment)
{
	char sig[2048], name[4200];
	size_t secret_len, len;
	char *secret = read_file(secret_path, 32, &secret_len), *data = read_file(path, LIBGMX_FW_MAX_BYTES, &len);
	int rc = 1;

	if (secret && data && secret_len != 32)
		complain(secret_path, "is no key of gmx-fwsign: 32 bytes");
	else if (secret && data && libgmx_sig_make((const uint8_t *)secret, data, len, comment, sig, sizeof(sig)))
		complain(path, "could not be signed; is the comment one line of up to 255 characters?");
	else if (secret && data && snprintf(name, sizeof(name), "%s.minisig", path) < (int)sizeof(name))
		rc = write_file(name, sig, strlen(sig), false);
	if (secret)
		explicit_bzero(secret, secret_len);
	free(secret);
	free(data);
	return rc;
}

static int verify(const char *public_path, const char *path)
{
	char name[4200], comment[256];
	size_t key_len, sig_len, len;
	char *key = read_file(public_path, 4096, &key_len), *data = read_file(path, LIBGMX_FW_MAX_BYTES, &len), *sig = NULL;
	int rc = 1;

	if (key && data && snprintf(name, sizeof(name), "%s.minisig", path) < (int)sizeof(name))
		sig = read_file(name, 4096, &sig_len);
	if (sig) {
		rc = libgmx_sig_verify(key, key_len, sig, sig_len, data, len, comment);
		if (rc)
			rc = complain(path, libgmx_strerror(rc));
		else
			printf("%s: %s\n", path, comment);
	}
	free(key);
	free(data);
	free(sig);
	return rc;
}

static void put(uint8_t *p, uint64_t v, unsigned int bytes)
{
	while (bytes--) {
		*p++ = (uint8_t)v;
		v >>= 8;
	}
}

static bool version_of(const char *s, uint32_t *out)
{
	unsigned int a, b, c;
	char rest;

	if (sscanf(s, "%u.%u.%u%c", &a, &b, &c, &rest) != 3 || a > 65535 || b > 255 || c > 255)
		return false;
	*out = a << 16 | b << 8 | c;
	return true;
}

static int image(const char *path, int argc, char **argv)
{
	static const struct option options[] = {
		{ "family", required_argument, NULL, 'f' },
		{ "revision", required_argument, NULL, 'r' },
		{ "version", required_argument, NULL, 'v' },
		{ "minimum", required_argument, NULL, 'm' },
		{ "manifest", required_argument, NULL, 'j' },
		{ "pages", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	const char *revision = "T1.0.0", *manifest = "{}";
	uint32_t version = 1 << 16, minimum = 0;
	unsigned long family = 3, pages = 4;
	uint8_t *data;
	size_t len;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'f': family = strtoul(optarg, NULL, 10); break;
		case 'r': revision = optarg; break;
		case 'j': manifest = optarg; break;
		case 'p': pages = strtoul(optarg, NULL, 10); break;
		case 'v':
			if (!version_of(optarg, &version))
				return complain(optarg, "is no version like 1.2.3");
			break;
		case 'm':
			if (!version_of(optarg, &minimum))
				return complain(optarg, "is no version like 1.2.3");
			break;
		default: return usage();
		}
	}
	if (optind < argc || family < 1 || family > 3 || !pages || pages > MAX_PAGES || strlen(revision) > 8 || !revision[0])
		return usage();
	len = pages * UNIT;
	if (HEADER + strlen(manifest) > len)
		return complain("--manifest", "is longer than the image");
	data = calloc(1, len);
	if (!data)
		return complain(path, strerror(ENOMEM));
	memcpy(data, "GMXFWIMG", 8);
	put(data + 8, HEADER, 2);
	put(data + 10, 1, 2);
	data[12] = (uint8_t)family;
	memset(data + 16, ' ', 8);
	memcpy(data + 16, revision, strlen(revision));
	put(data + 24, version, 4);
	put(data + 28, minimum, 4);
	put(data + 32, len, 4);
	put(data + 36, strlen(manifest), 4);
	memcpy(data + HEADER, manifest, strlen(manifest));
	for (size_t i = HEADER + strlen(manifest); i < len; i++)
		data[i] = (uint8_t)(i * 31 + version);
	put(data + 40, libgmx_crc32c(data + HEADER, len - HEADER), 4);
	put(data + 60, libgmx_crc32c(data, HEADER - 4), 4);
	rc = write_file(path, data, len, false);
	free(data);
	return rc;
}

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "--version")) {
		puts("gmx-fwsign " GMX_VERSION);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "key"))
		return make_key(argv[2], argv[3]);
	if ((argc == 4 || argc == 5) && !strcmp(argv[1], "sign"))
		return sign(argv[2], argv[3], argc == 5 ? argv[4] : "Gigamax test image");
	if (argc == 4 && !strcmp(argv[1], "verify"))
		return verify(argv[2], argv[3]);
	if (argc >= 3 && !strcmp(argv[1], "image"))
		return image(argv[2], argc - 2, argv + 2);
	return usage();
}
