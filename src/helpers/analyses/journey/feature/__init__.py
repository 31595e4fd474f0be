"""What customers use: `adoption` of features and repeat use, and who stays of those who use each, `users`."""
