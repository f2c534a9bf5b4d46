/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations of block devices, and the status of a request. */
#ifndef GMX_COMPAT_BDEV_H
#define GMX_COMPAT_BDEV_H

#include <linux/blkdev.h>
#include <linux/hdreg.h>

/*
 * open:    int fn(struct gendisk *, blk_mode_t)
 * release: void fn(struct gendisk *)
 * getgeo:  int fn(struct gendisk *, struct hd_geometry *)
 * ioctl has the newest arguments everywhere.
 */
#ifdef GMX_HAVE_BDEV_OPEN_GENDISK

#define GMX_OP_BDEV_OPEN(name, fn)						\
	static int name(struct gendisk *disk, blk_mode_t mode)			\
	{									\
		return fn(disk, mode);						\
	}
#define GMX_OP_BDEV_RELEASE(name, fn)						\
	static void name(struct gendisk *disk)					\
	{									\
		fn(disk);							\
	}

#else /* remove when minimum >= 6.5 */

typedef fmode_t blk_mode_t;

#define BLK_OPEN_READ	FMODE_READ
#define BLK_OPEN_WRITE	FMODE_WRITE
#define BLK_OPEN_EXCL	FMODE_EXCL

#define GMX_OP_BDEV_OPEN(name, fn)						\
	static int name(struct block_device *bdev, fmode_t mode)		\
	{									\
		return fn(bdev->bd_disk, mode);					\
	}
#define GMX_OP_BDEV_RELEASE(name, fn)						\
	static void name(struct gendisk *disk, fmode_t mode)			\
	{									\
		fn(disk);							\
	}

#endif

#ifdef GMX_HAVE_GETGEO_GENDISK
#define GMX_OP_GETGEO(name, fn)							\
	static int name(struct gendisk *disk, struct hd_geometry *geo)		\
	{									\
		return fn(disk, geo);						\
	}
#else /* remove when minimum >= 6.18 */
#define GMX_OP_GETGEO(name, fn)							\
	static int name(struct block_device *bdev, struct hd_geometry *geo)	\
	{									\
		return fn(bdev->bd_disk, geo);					\
	}
#endif

#ifndef GMX_HAVE_STS_RESV_CONFLICT /* remove when minimum >= 6.4 */
#define BLK_STS_RESV_CONFLICT	BLK_STS_NEXUS
#endif

#endif
