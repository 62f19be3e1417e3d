"""Door: what people see. The script, the page without JavaScript, and the demo."""
