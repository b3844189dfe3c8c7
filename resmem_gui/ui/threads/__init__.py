"""Work off the GUI thread. It hands over plain data and QImage, never QPixmap or widgets."""
