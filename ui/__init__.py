"""What pages share: the frame, the view of one version, tables, bars and figures."""
