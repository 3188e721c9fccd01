"""Where Django's Russian differs: a day stands before its month in the genitive, and hours have two digits."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y г. H:i"
MONTH_DAY_FORMAT = "j E"
