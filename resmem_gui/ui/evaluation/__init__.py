"""The windows that compare scores with what people were measured to remember."""
