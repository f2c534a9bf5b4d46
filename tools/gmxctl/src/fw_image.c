// SPDX-License-Identifier: GPL-2.0-or-later
/* An image before it meets a controller: is it whole, who signed it, is it for this one? */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw.h"

#define MAX_KEY 4096
#define MAX_SIG 4096

static const char *const key_folders[] = { "/etc/gmx/keys", "/usr/share/gmx/keys" };

int fw_load(struct ctl *ctl, const char *path, char **data, size_t *len, struct libgmx_fw_image *image)
{
	const char *why;
	int status;

	fw_stage(ctl, "check");
	status = file_read(ctl, path, LIBGMX_FW_MAX_BYTES, data, len);
	if (status)
		return status;
	if (libgmx_fw_parse(*data, *len, image, &why)) {
		free(*data);
		*data = NULL;
		return ctl_fail(ctl, CTL_FAILED, "get it again from the vendor; the controller runs on unchanged", "%s: %s", path,
				why);
	}
	return CTL_OK;
}

struct signature {
	char *text;
	size_t len;
	const char *data;
	size_t data_len;
	char *comment;
};

static int try_key(const char *path, const struct signature *s)
{
	char key[MAX_KEY];
	FILE *f = fopen(path, "re");
	size_t len;

	if (!f)
		return -ENOENT;
	len = fread(key, 1, sizeof(key), f);
	if (ferror(f) || !feof(f))
		len = 0;
	fclose(f);
	return libgmx_sig_verify(key, len, s->text, s->len, s->data, s->data_len, s->comment);
}

/* The first key that the signature was made with decides */
static int try_folder(const char *folder, const struct signature *s)
{
	char path[512];
	struct dirent *d;
	int rc = -ENOKEY;
	DIR *dir;

	snprintf(path, sizeof(path), "%s%s", secure_getenv("LIBGMX_ROOT") ? secure_getenv("LIBGMX_ROOT") : "", folder);
	dir = opendir(path);
	while (dir && rc == -ENOKEY && (d = readdir(dir))) {
		size_t n = strlen(d->d_name);

		if (n < 5 || strcmp(d->d_name + n - 4, ".pub"))
			continue;
		snprintf(path, sizeof(path), "%s%s/%.200s", secure_getenv("LIBGMX_ROOT") ? secure_getenv("LIBGMX_ROOT") : "",
			 folder, d->d_name);
		rc = try_key(path, s);
		/* a broken key is no reason to refuse what another one signed */
		if (rc == -EBADMSG || rc == -ENOENT)
			rc = -ENOKEY;
	}
	if (dir)
		closedir(dir);
	return rc;
}

int fw_verify(struct ctl *ctl, const char *path, const char *data, size_t len, char comment[256], bool must, bool *verified)
{
	const char *key = ctl_option(ctl, "key"), *sig = ctl_option(ctl, "signature");
	struct signature s = { .data = data, .data_len = len, .comment = comment };
	char name[4200], hint[400];
	FILE *f;
	int rc = -ENOKEY;

	fw_stage(ctl, "signature");
	comment[0] = 0;
	if (verified)
		*verified = false;
	snprintf(name, sizeof(name), "%s%s", sig ? sig : path, sig ? "" : ".minisig");
	f = fopen(name, "re");
	if (!f) {
		if (!must)
			return CTL_OK;
		snprintf(hint, sizeof(hint), "get %.300s with the image, or name it by --signature", name);
		return ctl_fail(ctl, CTL_FAILED, hint, "%s is not signed: there is no %s", path, name);
	}
	fclose(f);
	if (file_read(ctl, name, MAX_SIG, &s.text, &s.len))
		return CTL_FAILED;
	if (key)
		rc = try_key(key, &s);
	for (unsigned int i = 0; !key && i < ARRAY_SIZE(key_folders) && rc == -ENOKEY; i++)
		rc = try_folder(key_folders[i], &s);
	free(s.text);
	if (rc == -ENOENT)
		return ctl_fail(ctl, CTL_FAILED, "is the name right?", "the key %s can't be read", key);
	if (rc == -ENOKEY)
		return ctl_fail(ctl, CTL_FAILED, "put the vendor's public key into /etc/gmx/keys, or name it by --key",
				"%s was signed with a key that is not trusted here", path);
	if (rc == -EKEYREJECTED)
		return ctl_fail(ctl, CTL_FAILED, "get the image and its signature again; the controller runs on unchanged",
				"%s is not what was signed", path);
	if (rc == -EBADMSG)
		return ctl_fail(ctl, CTL_FAILED, "both are text in minisign's format", "%s%s%s makes no sense", name,
				key ? " or " : "", key ? key : "");
	if (rc)
		return ctl_fail(ctl, CTL_FAILED, NULL, "%s: %s", path, libgmx_strerror(rc));
	if (verified)
		*verified = true;
	return CTL_OK;
}

int fw_fits(struct ctl *ctl, const struct fw *fw, const struct libgmx_fw_image *image, const char *path)
{
	uint8_t data[LIBGMX_IDENTIFY_BYTES];
	struct libgmx_vendor_page page;
	int rc = libgmx_identify(fw->ctrl, 1, 0, 0, data);

	if (!rc)
		rc = libgmx_decode_vendor_page(data, sizeof(data), &page);
	if (rc == -ENOTSUP)
		return ctl_fail(ctl, CTL_UNSUPPORTED, "its vendor's tool may do it, or nvme fw-download",
				"%s is no Gigamax controller", fw->name);
	if (rc)
		return ctl_fail_rc(ctl, rc, "Identify of %s", fw->name);
	if (page.family != image->family)
		return ctl_fail(ctl, CTL_REJECTED, "get the image of the family; the controller runs on unchanged",
				"%s is for family G%u, %s is of G%u", path, image->family, fw->name, page.family);
	if (!fw->id.firmware_update)
		return ctl_fail(ctl, CTL_UNSUPPORTED, NULL, "the firmware of %s can't be changed", fw->name);
	return CTL_OK;
}
