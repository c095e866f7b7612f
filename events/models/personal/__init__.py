"""Personal data: who answers for it, what people were told, who looked, what stays."""
