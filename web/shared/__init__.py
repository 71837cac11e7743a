"""What all pages share: their frame, styles, scripts and recurring parts."""
