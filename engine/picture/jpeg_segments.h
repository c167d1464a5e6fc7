/* The application segments of a JPEG that are read and written here. Names include their final NUL byte; Exif's has two
 * (CIPA DC-008, 4.7.2; XMP Specification Part 3, 1.1.3). Private. */
#pragma once

#define PST_JPEG_SEGMENT 65533u /* bytes of one, its marker and length not counted */

#define PST_JPEG_EXIF           (JPEG_APP0 + 1)
#define PST_JPEG_EXIF_NAME      "Exif\0"
#define PST_JPEG_XMP            (JPEG_APP0 + 1)
#define PST_JPEG_XMP_NAME       "http://ns.adobe.com/xap/1.0/"
#define PST_JPEG_XMP_REST       (JPEG_APP0 + 1) /* of a packet larger than a segment; Part 3, 1.1.3.1 */
#define PST_JPEG_XMP_REST_NAME  "http://ns.adobe.com/xmp/extension/"
#define PST_JPEG_RESOURCES      (JPEG_APP0 + 13) /* Photoshop's, with IPTC data */
#define PST_JPEG_RESOURCES_NAME "Photoshop 3.0"
#define PST_JPEG_RECIPE         (JPEG_APP0 + 15) /* our own */
#define PST_JPEG_RECIPE_NAME    "Pastiche recipe"
