"""Reading and making media with ffmpeg: plain functions from paths to paths, which know no rows."""
